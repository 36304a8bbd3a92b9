import type { PlainTest } from "./plain-tests.ts";
import type { SpecResult } from "./result.ts";
import { type Share, shardInWords } from "./shard.ts";

/** What one run of tests found. Plain data: it goes from one process to another as JSON. */
export interface RunReport {
  /** Tests by how they ended, specs and others. A file that could not be loaded counts as one. */
  passed: number;
  failed: number;
  skipped: number;
  /** Experiments, in the order in which they finished. */
  specs: SpecResult[];
  /** All other tests, in the same order. */
  tests: PlainTest[];
  /** Specs that run side by side. */
  lanes: number;
  /** Milliseconds. */
  time: {
    /** Until the brokers of all lanes were up. */
    boot: number;
    /** From the command to its last word. */
    wall: number;
  };
  /** The most that the main process has held, in bytes. */
  memory: number;
  /** Present where it was a part of a run that is split over machines. */
  shard?: Share;
  /** Of merged runs: why they prove less than the whole would, a sentence each. */
  gaps?: string[];
}

export function emptyReport(): RunReport {
  return {
    passed: 0,
    failed: 0,
    skipped: 0,
    specs: [],
    tests: [],
    lanes: 1,
    time: { boot: 0, wall: 0 },
    memory: 0,
  };
}

/** Several runs, one after the other, as one. */
export function together(reports: readonly RunReport[]): RunReport {
  return reports.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
      specs: [...all.specs, ...one.specs],
      tests: [...all.tests, ...one.tests],
      lanes: Math.max(all.lanes, one.lanes),
      time: { boot: all.time.boot + one.time.boot, wall: all.time.wall + one.time.wall },
      memory: Math.max(all.memory, one.memory),
    }),
    emptyReport(),
  );
}

/** Adds tests by how they ended. */
export function countTests(
  report: RunReport,
  { passed, failed, skipped }: Pick<RunReport, "passed" | "failed" | "skipped">,
): void {
  report.passed += passed;
  report.failed += failed;
  report.skipped += skipped;
}

/** The last line of a run: `12 passed, 0 failed`, or `shard 1 of 2: 6 passed, 0 failed`. */
export function closingLine({ passed, failed, skipped, shard }: RunReport): string {
  const which = shard ? `${shardInWords(shard)}: ` : "";
  return `${which}${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
