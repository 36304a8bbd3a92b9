import { describe, expect, it } from "vitest";
import { type Account, imbalances } from "../../../harness/ledger/account.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { Sums } from "../../../harness/ledger/sums.ts";
import { type Story, story } from "./history-builder.ts";

function sums(published: number, confirmed: number): Sums {
  return Object.assign(new Sums(), { published, confirmed });
}

describe("Conservation", () => {
  const whole: Account = {
    published: 10,
    confirmed: 6,
    returned: 1,
    refused: 1,
    unknown: 2,
    completed: 1,
    duplicated: 1,
    parked: 1,
    discarded: 1,
    remaining: 1,
    lost: 1,
    unexpected: 5,
    recovered: 2,
  };

  it("holds when nothing appears and nothing vanishes", () => {
    expect(imbalances(whole, sums(10, 6))).toEqual([]);
  });

  it("is broken by a publish without an outcome", () => {
    expect(imbalances({ ...whole, unknown: 1 }, sums(10, 6))).toEqual([
      "10 published, but 9 returned, refused, unknown or confirmed",
    ]);
  });

  it("is broken by a confirmed task without a fate", () => {
    expect(imbalances({ ...whole, lost: 0 }, sums(10, 6))).toEqual([
      "6 confirmed, but 5 completed, duplicated, parked, discarded, remaining or lost",
    ]);
  });

  it("is broken by an outcome without a publish", () => {
    expect(imbalances({ ...whole, unknown: 3 }, sums(10, 6))).toEqual([
      "10 published, but 11 returned, refused, unknown or confirmed",
    ]);
  });

  it("is broken by a confirm that the account does not have", () => {
    expect(imbalances({ ...whole, confirmed: 5, unknown: 3 }, sums(10, 6))).toEqual([
      "6 confirmed, but 5 confirmed in the account",
    ]);
  });

  it.each(Array.from({ length: 200 }, (_, seed) => seed))("holds in random history %i", (seed) => {
    const { account, contradictions } = judge(randomStory(seed).events);
    expect(contradictions.filter((one) => one.startsWith("The account"))).toEqual([]);
    expect(account.published).toBeGreaterThan(0);
  });
});

/** Tasks that are published, delivered, done, acked and drained in no sensible order at all. */
function randomStory(seed: number): Story {
  const random = generator(seed);
  const pick = <T>(...from: T[]): T => from[Math.floor(random() * from.length)] as T;
  const told = story().declares("failed", { role: "parking" }).stores("a");
  for (let step = 0; step < 60; step++) {
    const task = pick("a", "b", "c", "d", "e");
    const worker = pick("v", "w");
    const dropped = random() < 0.2 ? { dropped: true as const } : {};
    pick(
      () => told.publishes(task, dropped),
      () => told.confirms(task, dropped),
      () => told.refuses(task),
      () => told.returns(task, dropped),
      () => told.delivers(task, worker, { ...dropped, noAck: random() < 0.3 }),
      () => told.acks(worker, task, dropped),
      () => told.rejects(worker, task, { ...dropped, requeue: random() < 0.5 }),
      () => told.does(worker, task),
      () => told.hangsUp(worker),
      () => told.drains(pick("tasks", "failed"), task),
    )();
  }
  return told;
}

/** Park and Miller's generator: enough to shuffle, and the same on every machine. */
function generator(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
