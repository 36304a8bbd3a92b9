/** What is said of a task that was dead-lettered though it could be done, or dropped since it can't. */
import { expect, test } from "vitest";
import { dropped, putAside } from "../../../harness/audit/put-aside.ts";
import { failure } from "../../../harness/audit/trials/failure.ts";
import { poison } from "../../../harness/audit/trials/poison.ts";
import type { TrialResult } from "../../../harness/report/audit-result.ts";

const trial = (name: string, account: TrialResult["account"]): TrialResult => ({
  ...{ name, fault: "none", moment: "now", workers: 1, outcome: "held", reasons: [] },
  ...{ account, convictions: [], milliseconds: 1 },
});

const told = (parked: number) => putAside({ trials: [trial(failure.name, { parked })] });

test("is told, and of how many", () => {
  expect(told(1)).toEqual([
    "In an effect that fails once, 1 task was dead-lettered, though the next try would have done it. Where nobody works off the dead-letter queue, requeue what failed for a moment, or send it round by a queue with a delay.",
  ]);
  expect(told(2)).toEqual([expect.stringContaining("2 tasks were dead-lettered,")]);
});

test("is not told where none was, where that was right, or where nobody tried", () => {
  expect(putAside({ trials: [trial(failure.name, { completed: 10 })] })).toEqual([]);
  expect(putAside({ trials: [trial(poison.name, { parked: 1 })] })).toEqual([]);
  expect(putAside({ trials: [] })).toEqual([]);
});

test("a task that nobody can do, and that is gone, is told of", () => {
  const of = (discarded: number) => dropped({ trials: [trial(poison.name, { discarded })] });
  expect(of(1)).toEqual([
    "In a task that can't be done, 1 task was acked undone, or rejected where nothing is dead-lettered, and no queue has kept it. Where somebody is to look at such a task, reject it without requeue, to a queue that dead-letters it.",
  ]);
  expect(of(2)).toEqual([expect.stringContaining("2 tasks were acked undone,")]);
});

test("nothing is told of one that was put aside, or of what went elsewhere", () => {
  expect(dropped({ trials: [trial(poison.name, { parked: 1 })] })).toEqual([]);
  expect(dropped({ trials: [trial(failure.name, { discarded: 1 })] })).toEqual([]);
  expect(dropped({ trials: [] })).toEqual([]);
});
