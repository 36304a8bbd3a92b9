import type { AuditResult } from "../../../../harness/report/audit-result.ts";
import type { Attempt, Extent } from "./plan.ts";

/** What came of one audit: a line of the file. */
export interface Record {
  name: string;
  extent: Extent;
  run: number;
  right: boolean;
  /** What is not as it has to be, a sentence each. */
  wrong: string[];
  convictions: string[];
  /** Of the whole audit, from before its brokers are up; absent where it has no result. */
  milliseconds?: number;
  /** The run directory, if there is one. */
  directory?: string;
}

/** What of a result is compared, and told. */
export type Found = Pick<
  AuditResult,
  "outcome" | "convictions" | "doubts" | "milliseconds" | "run"
>;

/** Compares what an audit found with all that it has to find: no more, and no less. */
export function recordOf(attempt: Attempt, found: Found): Record {
  const { expected } = attempt;
  const convictions = found.convictions.map(({ kind }) => kind).toSorted();
  const outcome = expected.length > 0 ? "broken" : "held";
  const wrong = [
    ...expected.filter((kind) => !convictions.some((one) => one === kind)).map(missing),
    ...convictions.filter((kind) => !expected.includes(kind)).map(besides),
    ...(found.outcome === outcome ? [] : [`It is ${found.outcome}, and not ${outcome}.`]),
    ...found.doubts,
  ];
  const { milliseconds, run: directory } = found;
  return {
    ...about(attempt),
    right: wrong.length === 0,
    wrong,
    convictions,
    milliseconds,
    directory,
  };
}

/** An audit that came to no result. */
export function recordOfFailure(attempt: Attempt, reason: string): Record {
  return { ...about(attempt), right: false, wrong: [reason], convictions: [] };
}

function about({ subject, extent, run }: Attempt) {
  return { name: subject.name, extent, run };
}

function missing(kind: string): string {
  return `Not convicted: ${kind}.`;
}

function besides(kind: string): string {
  return `Convicted besides: ${kind}.`;
}
