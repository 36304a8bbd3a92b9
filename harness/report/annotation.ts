/** What GitHub shows beside the code and on the page of a run. */
export interface Annotation {
  kind: "error" | "warning";
  title: string;
  /** Lines. */
  message: string;
  /** Of the repository; absent where there is none. */
  file?: string;
  line?: number;
}

/** GitHub shows no more of a kind, for each step. */
const MOST = 10;
/** Nor more characters of a message. */
const LONGEST = 4_000;

/** The workflow commands that make GitHub show annotations, and one that tells of those it won't. */
export function annotationCommands(annotations: readonly Annotation[]): string[] {
  return (["error", "warning"] as const).flatMap((kind) => {
    const all = annotations.filter((annotation) => annotation.kind === kind);
    const left = all.length - MOST;
    const told = all.slice(0, MOST).map((annotation) => commandOf(annotation));
    return left > 0 ? [...told, remarkOn(left, kind)] : told;
  });
}

function commandOf({ kind, title, message, file, line }: Annotation): string {
  return command(kind, { file, line, title }, message);
}

function remarkOn(left: number, kind: string): string {
  const many = `${left} more ${kind}${left === 1 ? "" : "s"}`;
  const message = `GitHub shows ${MOST} annotations of a kind: ${many} can be read in the summary of the job.`;
  return command("notice", { title: many }, message);
}

type Properties = Record<string, string | number | undefined>;

function command(name: string, properties: Properties, message: string): string {
  const set = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name} ${set.join(",")}::${escaped(short(message))}`;
}

/** By GitHub's rules: what would end the command, and nothing else. */
function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escaped(short(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
