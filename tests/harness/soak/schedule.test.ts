import { describe, expect, test } from "vitest";
import { requireRoomForKills, type SoakOptions } from "../../../harness/soak/options.ts";
import { scheduleOf } from "../../../harness/soak/schedule.ts";

const options = (settings: Partial<SoakOptions>): SoakOptions => ({
  messages: 1_000_000,
  seed: 1,
  workerKills: 20,
  brokerKills: 3,
  queueType: "classic",
  programs: { producer: () => ["true"], worker: ["true"] },
  ...settings,
});

const seeds = Array.from({ length: 50 }, (_, seed) => seed);

test("the seed decides when who is killed, and nothing else does", () => {
  expect(scheduleOf(options({ seed: 7 }))).toEqual(scheduleOf(options({ seed: 7 })));
  const schedules = seeds.map((seed) => JSON.stringify(scheduleOf(options({ seed }))));
  expect(new Set(schedules).size).toBe(seeds.length);
});

test.each(seeds)("seed %i: every kill that was asked for, in order, early enough", (seed) => {
  const schedule = scheduleOf(options({ seed }));
  const of = (fault: string) => schedule.filter((strike) => strike.fault === fault);
  expect([of("worker-kill").length, of("broker-kill").length]).toEqual([20, 3]);
  const points = schedule.map(({ after }) => after);
  expect(points).toEqual(points.toSorted((a, b) => a - b));
  expect(points.at(0)).toBeGreaterThan(0);
  expect(points.at(-1)).toBeLessThanOrEqual(750_000);
});

test("over seeds, the broker is killed early and late, and workers in turn", () => {
  const schedules = seeds.map((seed) => scheduleOf(options({ seed, brokerKills: 1 })));
  const places = schedules.map((all) => all.findIndex(({ fault }) => fault === "broker-kill"));
  expect(new Set(places).size).toBeGreaterThan(10);
  const whom = schedules.flat().map((strike) => strike.whom % 2);
  const second = whom.filter((number) => number === 1).length / whom.length;
  expect(second).toBeGreaterThan(0.4);
  expect(second).toBeLessThan(0.6);
});

test("without kills there is no schedule", () => {
  expect(scheduleOf(options({ workerKills: 0, brokerKills: 0 }))).toEqual([]);
});

describe("kills need room among the tasks", () => {
  test("a thousand tasks for each", () => {
    expect(() => requireRoomForKills(options({ messages: 23_000 }))).not.toThrow();
  });

  test("fewer are refused, with what to ask for", () => {
    expect(() => requireRoomForKills(options({ messages: 22_999 }))).toThrow(
      "23 kills need 23000 messages or more, and there are 22999",
    );
  });
});
