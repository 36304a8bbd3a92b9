import { expect, test } from "vitest";
import type { Event } from "../../../harness/history/event.ts";
import type { Conviction } from "../../../harness/ledger/convictions.ts";
import { decide, type Expectation, type Findings } from "../../../harness/ledger/verdict.ts";
import { judgeSoak } from "../../../harness/soak/judgement.ts";

type Type = "delivered" | "effect-done";

/** A ledger of which one task was done twice, and lived like this. */
function ledgerWith(life: Type[], convictions: Conviction[] = [], doubts: string[] = []) {
  const fates = { duplicated: ["a"] };
  const findings = { convictions, contradictions: [], vacuity: doubts, account: {}, fates };
  return {
    verdict: (expectation: Expectation = {}) =>
      decide(findings as unknown as Findings, expectation),
    life: () => life.map((type) => ({ type }) as Event),
  };
}

const AGAIN: Type[] = ["delivered", "effect-done", "delivered", "effect-done"];
const REPEATED: Type[] = ["delivered", "effect-done", "effect-done"];
const SENTENCE = "Repeated: 1 task (a) done more often than delivered.";

const duplicated: Conviction = { kind: "duplicated", sentence: "Delivered again.", tasks: ["a"] };
const lost: Conviction = { kind: "lost", sentence: "Lost.", tasks: ["b"] };

test("what is delivered again may be done again", () => {
  const verdict = judgeSoak(ledgerWith(AGAIN, [duplicated]));
  expect(verdict).toMatchObject({ outcome: "held", reasons: [] });
});

test("what is done twice for one delivery breaks it", () => {
  const verdict = judgeSoak(ledgerWith(REPEATED, [duplicated]));
  expect(verdict).toMatchObject({ outcome: "broken", reasons: [SENTENCE] });
});

test("a loss breaks it, and is told first", () => {
  const verdict = judgeSoak(ledgerWith(REPEATED, [lost]));
  expect(verdict).toMatchObject({ outcome: "broken", reasons: ["Lost.", SENTENCE] });
});

test("of a run that proves nothing, nothing is said", () => {
  const verdict = judgeSoak(ledgerWith(REPEATED, [], ["Vacuous."]));
  expect(verdict).toMatchObject({ outcome: "inconclusive", reasons: ["Vacuous."] });
});
