import { accountInWords } from "./account-words.ts";
import { availabilityInWords } from "./availability-words.ts";
import { markOf } from "./outcome.ts";
import type { SpecResult } from "./result.ts";
import { type Paper, pad, seconds, wrap } from "./text.ts";

/** The mark, and the longest kind: `measurement`. */
const HANG = 2;
const KIND = 13;

/**
 * A finished spec: its mark, its kind, the promise on a type of queue, the account, and how long
 * its faults kept confirms and deliveries away. One line, unless a terminal is too narrow for it:
 * there the promise and the account have lines of their own.
 */
export function specLine(spec: SpecResult, paper: Paper): string {
  const title = `${spec.promise} · ${spec.queueType}`;
  if (spec.outcome === "not-applicable") return notApplicableLine(title, spec, paper);
  const outage = spec.availability ? availabilityInWords(spec.availability) : "";
  const ending = [accountInWords(spec.account), outage, seconds(spec.time.total)]
    .filter((part) => part !== "")
    .join(" · ");
  const line = finishedLine(markOf(spec.outcome, paper), spec.kind, `${title} · ${ending}`, paper);
  if (line.length === 1) return line.join("");
  return [
    ...finishedLine(markOf(spec.outcome, paper), spec.kind, title, paper),
    ...continued(ending, paper).map((text) => paper.paint("dim", text)),
  ].join("\n");
}

/** A spec with nothing to show on this broker, and why. */
function notApplicableLine(title: string, { outcome, reasons }: SpecResult, paper: Paper): string {
  const text = `${title} · ${reasons.join("; ")}`;
  return finishedLine(markOf(outcome, paper), "n/a", text, paper).join("\n");
}

/** All tests of a file that are no specs. */
export interface FileResult {
  /** From the project's root. */
  file: string;
  project: string;
  passed: number;
  failed: number;
  skipped: number;
  /** Milliseconds. */
  time: number;
}

export function fileLine(result: FileResult, paper: Paper): string {
  const counts = (["passed", "failed", "skipped"] as const)
    .filter((state) => result[state] > 0)
    .map((state) => `${result[state]} ${state}`);
  const text = `${result.file} · ${counts.join(", ") || "no tests"} · ${seconds(result.time)}`;
  const mark = markOf(result.failed > 0 ? "broken" : "held", paper);
  return finishedLine(mark, result.project, text, paper).join("\n");
}

function finishedLine(mark: string, kind: string, text: string, paper: Paper): string[] {
  const [first = "", ...rest] = wrap(text, paper.columns - HANG - KIND);
  const head = `${mark} ${paper.paint("dim", pad(kind, KIND))}${first}`;
  return [head, ...rest.map((line) => " ".repeat(HANG + KIND) + line)];
}

function continued(text: string, paper: Paper): string[] {
  const margin = HANG + KIND;
  return wrap(text, paper.columns - margin).map((line) => " ".repeat(margin) + line);
}
