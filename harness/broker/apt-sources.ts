/** One place that apt takes packages from. */
export interface AptSource {
  uri: string;
  suite: string;
  components: string[];
  /** The keyring or key that it is checked with, if it names one. */
  signedBy: string | undefined;
}

/** Suites that a mirror of the whole Debian archive carries, and mirrors of other things hardly. */
const DEBIAN_SUITES =
  /^(bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/** Reads the one-line format of /etc/apt/sources.list and *.list files. */
export function parseSourcesList(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const hit = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!hit) return [];
    const [, options = "", uri = "", suite = "", components = ""] = hit;
    const signedBy = /signed-by=(\S+)/i.exec(options)?.[1];
    return [{ uri, suite, components: words(components), signedBy }];
  });
}

/** Reads the stanza format of *.sources files. */
export function parseDeb822(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = stanzaFields(stanza);
    if (!words(fields.types).includes("deb") || fields.enabled === "no") return [];
    const common = { components: words(fields.components), signedBy: fields["signed-by"] };
    return words(fields.uris).flatMap((uri) =>
      words(fields.suites).map((suite) => ({ uri, suite, ...common })),
    );
  });
}

/**
 * The Debian mirror that this host itself uses, so that a host with a mirror nearby, or with no
 * other way out, builds from that one. A third party's source may name a Debian suite too; it has
 * a key of its own, or no component `main`.
 */
export function debianMirror(sources: AptSource[]): string | undefined {
  return sources.find(
    ({ uri, suite, components, signedBy }) =>
      /^https?:/.test(uri) &&
      DEBIAN_SUITES.test(suite) &&
      components.includes("main") &&
      (signedBy === undefined || signedBy.includes("debian-archive")),
  )?.uri;
}

function stanzaFields(stanza: string): Record<string, string | undefined> {
  const unfolded = stanza
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replace(/\n[ \t]+/g, " ");
  const fields = unfolded.split("\n").map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(
    fields.flatMap((hit) => (hit ? [[hit[1]?.toLowerCase(), hit[2]]] : [])),
  );
}

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== "") ?? [];
}
