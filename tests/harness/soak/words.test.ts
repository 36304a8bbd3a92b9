import { expect, test } from "vitest";
import type { Account, Outcome, Verdict } from "../../../harness/ledger/verdict.ts";
import { figures, progressLine, verdictSentence } from "../../../harness/soak/words.ts";

const verdict = (outcome: Outcome, account: Account) => ({ outcome, account }) as Verdict;
const kills = { "worker-kill": 20, "broker-kill": 1 };

test.each([
  [
    verdict("held", { confirmed: 1_000_000, completed: 999_990, duplicated: 10 }),
    "HELD: 1,000,000 confirmed tasks, 20 worker kills, 1 broker kill: not one was lost, 10 done more than once.",
  ],
  [
    verdict("broken", { confirmed: 100, completed: 95, lost: 2, remaining: 3 }),
    "BROKEN: 100 confirmed tasks, 20 worker kills, 1 broker kill: 2 lost, 3 left behind.",
  ],
  [
    verdict("inconclusive", { confirmed: 100 }),
    "INCONCLUSIVE: nothing is proven about 100 confirmed tasks.",
  ],
])("%#: a sentence", (one, sentence) => {
  expect(verdictSentence({ verdict: one, kills })).toBe(sentence);
});

test("the numbers behind it add up, a line each", () => {
  const account = { published: 10_000, confirmed: 10_000, completed: 9_990, duplicated: 10 };
  const lines = figures({
    verdict: verdict("held", account),
    kills,
    took: 2_000,
    memory: { peak: 200e6, held: 50e6 },
    history: { before: 5_000_000, after: 100_000 },
    isInterrupted: false,
  });
  expect(lines).toEqual([
    "10000 published = 10000 confirmed = 9990 completed + 10 duplicated",
    "5,000 tasks/s over 2.0 s, outages included",
    "memory of the harness: 200 MB at most, 50 MB held at the end",
    "history: 0.1 MB, compacted from 5.0 MB",
  ]);
});

test("progress is a line, and names what was killed", () => {
  const state = { acked: 120_000, inFlight: 1_500, rate: 9_999.6 };
  const strike = { fault: "broker-kill", after: 1, whom: 0 } as const;
  expect(progressLine(state, 1_000_000, 256e6, strike)).toBe(
    "  the broker was killed, and is back; 120,000 acks for 1,000,000 tasks, 10,000/s, 1,500 in flight, 256 MB",
  );
});
