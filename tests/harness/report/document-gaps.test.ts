import { expect, test } from "vitest";
import { gapIn, versionsMissing } from "../../../harness/report/document-gaps.ts";
import { aSpec, onVersion } from "./specs.ts";

test("what held on every version, or does not apply there, has no gap", () => {
  const tooOld = onVersion("3.10.8", { outcome: "not-applicable", reasons: ["too old"] });
  expect(gapIn([...tooOld, ...onVersion("4.3.6")])).toBeUndefined();
});

test.each(["broken", "inconclusive", "setup"] as const)("what is %s is a gap", (outcome) => {
  expect(gapIn([...onVersion("4.0.5"), aSpec({ outcome })])).toBe(
    `"A task is done" is ${outcome} on RabbitMQ 4.3.6 (classic)`,
  );
});

test("so is what was not run on a version that others were run on", () => {
  const specs = [...onVersion("3.10.8"), ...onVersion("4.0.5"), ...onVersion("4.3.6").slice(0, 1)];
  expect(gapIn(specs)).toBe('"A task is done · quorum" was not run on RabbitMQ 4.3.6');
});

test("and a run of nothing", () => {
  expect(gapIn([])).toBe("nothing was run");
});

test("a document forgets no version: each has another release of it prepared, or is missing", () => {
  const proven = ["3.10.8", "4.0.5", "4.3.6"];
  expect(versionsMissing(["3.10.25", "4.0.5", "4.1.0", "4.3.6"], proven)).toEqual([]);
  expect(versionsMissing(["4.0.5"], proven)).toEqual(["3.10", "4.3"]);
});
