import { expect } from "vitest";
import type { Account, Conviction, Fate, Verdict } from "../../../harness/ledger/verdict.ts";

export interface Parts {
  account: Account;
  fates?: Partial<Record<Fate, string[]>>;
  convictions?: Conviction[];
}

const NO_FATES: Verdict["fates"] = {
  completed: [],
  duplicated: [],
  parked: [],
  discarded: [],
  remaining: [],
  lost: [],
  unexpected: [],
  recovered: [],
};

/** The whole verdict of a history in which the promise held. */
export function held({ account, fates = {}, convictions = [] }: Parts): Verdict {
  return {
    outcome: "held",
    reasons: [],
    account,
    fates: { ...NO_FATES, ...fates },
    convictions,
    contradictions: [],
    vacuity: [],
    availability: expect.anything(), // It has tests of its own.
  };
}

/** The whole verdict of one that broke it. The reasons are the first convictions' sentences. */
export function broken(parts: Parts & { reasons?: string[] }): Verdict {
  const reasons = parts.reasons ?? (parts.convictions ?? []).map(({ sentence }) => sentence);
  return { ...held(parts), outcome: "broken", reasons };
}

/** The whole verdict of one that contradicts itself. */
export function contradicted(parts: Parts & { contradictions: string[] }): Verdict {
  const { contradictions } = parts;
  return { ...held(parts), outcome: "inconclusive", reasons: contradictions, contradictions };
}

/** The whole verdict of one that proves nothing. */
export function vacuous(parts: Parts & { vacuity: string[] }): Verdict {
  const { vacuity } = parts;
  return { ...held(parts), outcome: "inconclusive", reasons: vacuity, vacuity };
}

/** One task, published, confirmed and completed. */
export const ONE_COMPLETED: Parts = {
  account: { published: 1, confirmed: 1, completed: 1 },
  fates: { completed: ["a"] },
};

/** One task, published, confirmed and lost, for the given reason. */
export function oneLost(sentence: string, subject?: string): Required<Parts> {
  return {
    account: { published: 1, confirmed: 1, lost: 1 },
    fates: { lost: ["a"] },
    convictions: [convicted("lost", sentence, ["a"], subject)],
  };
}

export function convicted(
  kind: Conviction["kind"],
  sentence: string,
  tasks: string[],
  subject?: string,
): Conviction {
  return { kind, sentence, tasks, ...(subject === undefined ? {} : { subject }) };
}

const FINISH =
  "Ack every task once its effect is done, and let a worker come back after a failure.";

/** One task that was delivered, and is in the queue again at the end. */
export const ONE_UNFINISHED: Required<Parts> = {
  account: { published: 1, confirmed: 1, remaining: 1 },
  fates: { remaining: ["a"] },
  convictions: [
    convicted(
      "remaining",
      `Remaining: 1 task (a) delivered, but still in the queue at the end. ${FINISH}`,
      ["a"],
    ),
  ],
};

/** One task that no consumer took and no queue has. */
export const ONE_VANISHED = oneLost(
  "Lost: 1 task (a) confirmed by the broker, kept by no consumer, and in no queue. Publish persistent messages to a durable queue, and publish as mandatory, so that an unroutable one is returned.",
);

/** One task that was published once and done twice, for the given reason. */
export function oneDuplicated(sentence: string, subject?: string): Required<Parts> {
  return {
    account: { published: 1, confirmed: 1, duplicated: 1 },
    fates: { duplicated: ["a"] },
    convictions: [convicted("duplicated", sentence, ["a"], subject)],
  };
}

/** The same, for a reason that nobody saw. */
export const ONE_DUPLICATED = oneDuplicated(
  "Duplicated: 1 task (a) published once and done more than once, because an ack did not arrive and the task was delivered again. Make the effect idempotent by the task's id.",
);
