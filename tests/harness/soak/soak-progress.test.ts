/** What a person sees of a soak that takes its time. */
import { expect, test } from "vitest";
import { SoakProgress, type SoakView } from "../../../harness/soak/soak-progress.ts";

const WORKER = { fault: "worker-kill", after: 430_112, whom: 0 } as const;

const view: SoakView = {
  acked: 412_000,
  messages: 1_000_000,
  rate: 5_321,
  inFlight: 1_204,
  kills: { landed: 3, of: 10 },
  next: WORKER,
};

function linesOf(details: Partial<SoakView>): string[] {
  const clock = [0, 77_000];
  const progress = new SoakProgress(() => clock.shift() ?? 77_000);
  progress.begins(() => ({ ...view, ...details }));
  return progress.lines;
}

test("before it begins, the broker boots", () => {
  expect(new SoakProgress(() => 0).lines).toEqual(["soak  waiting for the broker · 0 s"]);
});

test("how far, how fast, what is in flight, the next kill, and the time left", () => {
  expect(linesOf({})).toEqual([
    "soak  412,000 acks for 1,000,000 tasks · 1 min 17 s, about 115 s left · 5,321/s",
    "  3 of 10 kills, the next of a worker after 430,112 acks · 1,204 in flight",
  ]);
});

test("a kill that is under way: nobody knows for how long", () => {
  const next = { ...WORKER, fault: "broker-kill", after: 412_000 } as const;
  expect(linesOf({ next, inFlight: 0 })).toEqual([
    "soak  412,000 acks for 1,000,000 tasks · 1 min 17 s · 5,321/s",
    "  3 of 10 kills, the broker is being killed · 0 in flight",
  ]);
});

test("the last kill has landed, or there is none", () => {
  const kills = { landed: 10, of: 10 };
  expect(linesOf({ kills, next: undefined })[1]).toBe("  10 of 10 kills · 1,204 in flight");
  expect(linesOf({ kills: { landed: 0, of: 0 }, next: undefined })[1]).toBe(
    "  no kills · 1,204 in flight",
  );
});

test("it is too early to tell how long it takes", () => {
  expect(linesOf({ acked: 9_999 })[0]).not.toContain("left");
  expect(linesOf({ acked: 10_000 })[0]).toContain("left");
  expect(linesOf({ rate: 0 })[0]).not.toContain("left");
});
