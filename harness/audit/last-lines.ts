import { shown } from "../report/audit-shown.ts";

/** Lines of a worker's own output that are quoted, characters of each, and bytes that are read. */
const QUOTED = 12;
const WIDEST = 200;
const LONGEST = 8_192;

/** A frame of a stack, as JavaScript, Java and Ruby print it: indented, below what was thrown. */
const FRAME = /^\s+(at|from) /;

/**
 * The end of what a worker printed, to quote: what is no text is shown as such. Of a stack the first
 * frame is enough, or a deep one would push out the error that it belongs to.
 */
export function lastLines(output: Buffer): string {
  const text = output.subarray(-LONGEST).toString("utf8").trimEnd();
  if (text === "") return "";
  const lines = text.split("\n").filter((line, n, all) => !isDeeper(line, all[n - 1]));
  return lines
    .slice(-QUOTED)
    .map((line) => `  ${shown(line).slice(0, WIDEST)}`)
    .join("\n");
}

function isDeeper(line: string, above = ""): boolean {
  return FRAME.test(line) && FRAME.test(above);
}
