import { beforeEach, expect, test } from "vitest";
import { Pace } from "../../../harness/soak/pace.ts";

let look: () => void;
let isStemmed: boolean;
let flow: { progress: { published: number; subscribe(changed: () => void): () => void } } & {
  inFlight: number;
};

/** With 10,000 tasks, a thousand may be in flight. */
let pace: Pace;

beforeEach(() => {
  const subscribe = (changed: () => void) => {
    look = changed;
    return () => {};
  };
  flow = { progress: { published: 0, subscribe }, inFlight: 0 };
  pace = new Pace({ stem }, "producer", flow, 10_000);
});

function stem(_: string, now: boolean): void {
  isStemmed = now;
}

function after(published: number, inFlight: number): boolean {
  flow.progress.published = published;
  flow.inFlight = inFlight;
  look();
  return isStemmed;
}

test("the producer waits while too much is in flight, and until half of it is done", () => {
  expect(after(1000, 1000)).toBe(false);
  expect(after(1001, 1001)).toBe(true);
  expect(after(1001, 501)).toBe(true);
  expect(after(1001, 500)).toBe(false);
  expect(after(1501, 1000)).toBe(false);
});

test("it publishes nothing while a worker is being killed", () => {
  after(500, 10);
  pace.beginWorkerKill();
  expect(isStemmed).toBe(true);
  expect(after(500, 0)).toBe(true);
  pace.endKill();
  expect(isStemmed).toBe(false);
});

test("it goes on while the broker is being killed, but not to its end", () => {
  after(500, 10);
  pace.beginBrokerKill();
  expect(after(1499, 10)).toBe(false);
  expect(after(1500, 10)).toBe(true);
  pace.endKill();
  expect(isStemmed).toBe(false);
});

test("of many tasks, a fixed number may be in flight", () => {
  pace = new Pace({ stem }, "producer", flow, 10_000_000);
  expect(after(0, 20_000)).toBe(false);
  expect(after(0, 20_001)).toBe(true);
});
