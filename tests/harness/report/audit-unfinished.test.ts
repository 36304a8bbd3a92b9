/** What is told of an audit that did not get to its end. */
import { expect, test } from "vitest";
import { unfinished } from "../../../harness/report/audit-unfinished.ts";
import { brokenAudit, control, notApplicable } from "./audit-results.ts";

test("that nothing spoke against the worker is no verdict", () => {
  expect(unfinished([control, notApplicable])).toBe(
    "UNFINISHED: the audit broke off after 1 trial, and has no verdict. Until then, nothing spoke against the worker.",
  );
});

test("what was shown is told, the gravest first", () => {
  expect(unfinished(brokenAudit().trials)).toBe(
    "UNFINISHED: the audit broke off after 2 trials, and has no verdict. Until then it showed: lost, in SIGKILL, mid-task; at risk, in 2 trials: no fault; SIGKILL, mid-task.",
  );
});
