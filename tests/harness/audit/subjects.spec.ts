/** An audit acquits every correct subject, and has seen the loss and the duplicate of its own. */
import { expect, test } from "vitest";
import { correct } from "../../../fixtures/subjects/expected.ts";
import { isInstalled } from "../subjects/installed.ts";
import { inShort, verdictOn } from "./verdict-on.ts";

test.for(correct)("$name is acquitted", async (subject, { skip }) => {
  if (!isInstalled(subject)) skip(`not applicable: \`${subject.check.join(" ")}\` fails here`);
  const result = await verdictOn(subject, { quick: true });
  expect(inShort(result)).toEqual({
    outcome: "held",
    exitCode: 0,
    convictions: [],
    doubts: [],
    missed: [],
  });
  expect(result.selfChecks.map(({ planted, outcome }) => `${planted} ${outcome}`)).toEqual([
    "loss seen",
    "duplicate seen",
  ]);
});
