import { expect, test } from "vitest";
import { habitLines, liveLine } from "../../../harness/report/audit-live-line.ts";
import type { TrialResult } from "../../../harness/report/audit-result.ts";
import { aTrial, brokenAudit, HOSTILE, habitualAudit, notApplicable } from "./audit-results.ts";
import { page, painted } from "./specs.ts";

test("a trial is one line where nobody's terminal ends", () => {
  expect(liveLine(aTrial(), page())).toBe(
    "✓ SIGKILL, mid-task · 2 workers · 20 published = 20 confirmed = 20 completed · 1.2 s",
  );
});

test("it names its convictions, but for those that the account tells", () => {
  expect(brokenAudit().trials.map((trial) => liveLine(trial, page()))).toEqual([
    "✗ no fault · 1 worker · 20 published = 20 confirmed = 20 completed · at risk · 0.8 s",
    "✗ SIGKILL, mid-task · 2 workers · 20 published = 20 confirmed = 19 completed + 1 lost · at risk · 1.2 s",
    "– SIGKILL, publish-held · 2 workers · not applicable: The worker publishes nothing.",
  ]);
});

test("a habit is told with the first trial that shows it, unless it is allowed", () => {
  const [first, second] = habitualAudit().trials as [TrialResult, TrialResult];
  expect(liveLine(first, page())).toBe(
    "✓ no fault · 1 worker · 20 published = 20 confirmed = 20 completed · 0.8 s",
  );
  expect(habitLines(first, [], [], page())).toEqual([
    "✗ unbounded prefetch · of the whole audit, whatever the trial: told once",
  ]);
  expect(habitLines(second, [first], [], page())).toEqual([]);
  expect(habitLines(first, [], ["unbounded prefetch"], page())).toEqual([]);
  const early = brokenAudit().trials.flatMap((trial) => habitLines(trial, [], [], page()));
  expect(early).toEqual([]);
});

test("a doubt says why, and has a colour of its own", () => {
  const trial = aTrial({ outcome: "inconclusive", reasons: ["No exit was seen."] });
  expect(liveLine(trial, painted)).toBe(
    "<yellow>?</> SIGKILL, mid-task · 2 workers · 20 published = 20 confirmed = 20 completed · No exit was seen. · 1.2 s",
  );
});

test("on a narrow terminal the account has lines of its own, within the page", () => {
  const trial = brokenAudit().trials[1] ?? notApplicable;
  expect(liveLine(trial, page(50)).split("\n")).toEqual([
    "✗ SIGKILL, mid-task · 2 workers",
    "  20 published = 20 confirmed = 19 completed +",
    "  1 lost · at risk · 1.2 s",
  ]);
});

test("hostile text stays on its line", () => {
  const trial = aTrial({ name: HOSTILE, outcome: "not-applicable", reasons: [HOSTILE] });
  expect(liveLine(trial, page())).toMatch(/^– \\x1b\[2J\\x07\\n\| [^\p{Cc}\p{Cf}]*$/u);
});

test("what was printed where a trial proves nothing stands under it, in lines", () => {
  const reasons = ["The probe failed: ./ask\nIt said:\n  no \x1btable"];
  const trial = aTrial({ outcome: "inconclusive", reasons, account: {} });
  expect(liveLine(trial, page()).split("\n")).toEqual([
    "? SIGKILL, mid-task · 2 workers · The probe failed: ./ask · 1.2 s",
    "  It said:",
    "    no \\x1btable",
  ]);
});
