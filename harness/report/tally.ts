import type { TestModule } from "vitest/node";
import type { FileResult } from "./spec-line.ts";

type Counts = Pick<FileResult, "passed" | "failed" | "skipped">;

/** The tests of a file by how they ended: all of them, and those that are no specs. */
export interface Tally {
  all: Counts;
  plain: Counts;
}

/** @param filtered whether tests were left out by their name: those don't count as skipped. */
export function tallyOf(module: TestModule, filtered: boolean): Tally {
  const tally = { all: none(), plain: none() };
  for (const test of module.children.allTests()) {
    const result = test.result();
    const { state } = result;
    if (state === "pending") continue;
    // One that skipped itself has a reason, and one that a name left out has none.
    if (result.state === "skipped" && filtered && result.note === undefined) continue;
    tally.all[state] += 1;
    if (test.meta().ackproof === undefined) tally.plain[state] += 1;
  }
  if (module.errors().length > 0) {
    tally.all.failed += 1; // The file itself, which could not be loaded, or a hook of it.
    tally.plain.failed += 1;
  }
  return tally;
}

function none(): Counts {
  return { passed: 0, failed: 0, skipped: 0 };
}
