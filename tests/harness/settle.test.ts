import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fact } from "../../harness/history/event.ts";
import { History } from "../../harness/history/history.ts";
import { settle } from "../../harness/scenario/settle.ts";

const QUIET = 100;
const place = { subject: "worker-1", connection: 1, channel: 1 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Milliseconds until it has settled, while this happens every 10 ms, as long as it is told to. */
async function settledAfter(fact: Fact, { until }: { until: number }, isDone = () => false) {
  const history = new History();
  let passed = 0;
  const timer = setInterval(() => {
    passed += 10;
    if (passed <= until) history.record(fact);
  }, 10);
  let took: number | undefined;
  const settled = settle(history, isDone, QUIET).then(() => {
    took = passed;
  });
  while (took === undefined && passed < 5_000) await vi.advanceTimersByTimeAsync(10);
  clearInterval(timer);
  if (took === undefined) return "never";
  await settled;
  return took;
}

const works: Fact = { type: "effect-requested", subject: "worker-1", task: "task-1", request: 1 };
const connects: Fact = { type: "channel-opened", ...place };

test("it waits as long as anybody works, and a little more", async () => {
  const took = await settledAfter(works, { until: 2_000 });
  expect(took).toBeGreaterThan(2_000);
  expect(took).toBeLessThanOrEqual(2_000 + 2 * QUIET);
});

test("it does not wait for ever for who connects again and again", async () => {
  const took = await settledAfter(connects, { until: 10_000 });
  expect(took).toBeGreaterThan(3 * QUIET);
  expect(took).toBeLessThanOrEqual(5 * QUIET);
});

test("nothing that moves, and it is over", async () => {
  expect(await settledAfter(connects, { until: 0 })).toBeLessThanOrEqual(QUIET + 10);
});
