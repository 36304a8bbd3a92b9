/** What is said of a task that was dead-lettered though it could be done. */
import { expect, test } from "vitest";
import { putAside } from "../../../harness/audit/put-aside.ts";
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
