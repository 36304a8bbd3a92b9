import { listInWords } from "./document-markdown.ts";

export function versionRow(version: string, image: string): string {
  return `| ${version} | ${image} |`;
}

/** The versions of RabbitMQ that a document was proven on. */
export function provenVersions(document: string): string[] {
  return [...document.matchAll(/^\| (\d+\.\d+\S*) \|/gm)].map(([, version = ""]) => version);
}

/**
 * What is to be said of a run on versions that the document does not know; undefined where it knows
 * all of them. Patch releases of one version are taken for the same.
 */
export function unprovenLine(ran: readonly string[], document: string): string | undefined {
  const proven = provenVersions(document);
  const known = new Set(proven.map(minorOf));
  const unknown = ran.filter((version) => !known.has(minorOf(version)));
  if (unknown.length === 0 || proven.length === 0) return undefined;
  return (
    `tests/GUARANTEES.md was proven on RabbitMQ ${listInWords(proven)}, and not on ` +
    `${listInWords(unknown)}. What the specs expect of a version there is a guess.`
  );
}

/** `4.3` of `4.3.6`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
