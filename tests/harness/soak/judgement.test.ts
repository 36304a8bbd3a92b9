import { expect, test } from "vitest";
import type { Conviction } from "../../../harness/ledger/convictions.ts";
import { decide, type Expectation, type Findings } from "../../../harness/ledger/verdict.ts";
import { judgeSoak } from "../../../harness/soak/judgement.ts";

/** A ledger that has come to these convictions. */
function ledgerWith(convictions: Conviction[], doubts: string[] = []) {
  const findings = { convictions, contradictions: [], vacuity: doubts, account: {} };
  return {
    verdict: (expectation: Expectation = {}) =>
      decide(findings as unknown as Findings, expectation),
  };
}

const again: Conviction = { kind: "duplicated", sentence: "Delivered again.", tasks: ["a"] };
const twice: Conviction = { ...again, sentence: "Done twice by worker-1.", subject: "worker-1" };
const lost: Conviction = { kind: "lost", sentence: "Lost.", tasks: ["b"] };

test("what is delivered again may be done again", () => {
  expect(judgeSoak(ledgerWith([again]))).toMatchObject({ outcome: "held", reasons: [] });
});

test("what is done twice for one delivery breaks it", () => {
  const verdict = judgeSoak(ledgerWith([again, twice]));
  expect(verdict).toMatchObject({ outcome: "broken", reasons: ["Done twice by worker-1."] });
});

test("a loss breaks it, and is told first", () => {
  const verdict = judgeSoak(ledgerWith([twice, lost]));
  expect(verdict).toMatchObject({ outcome: "broken", reasons: ["Lost.", twice.sentence] });
});

test("of a run that proves nothing, nothing is said", () => {
  expect(judgeSoak(ledgerWith([twice], ["Vacuous."]))).toMatchObject({
    outcome: "inconclusive",
    reasons: ["Vacuous."],
  });
});
