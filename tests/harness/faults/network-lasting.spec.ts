/** Network faults that last: each does what it says until it is healed, on a real broker. */
import { describe, expect, test } from "vitest";
import { EVERYONE, type Event } from "../../../harness/history/event.ts";
import {
  busy,
  connectionsOf,
  droppedOnes,
  endsOf,
  eventsOf,
  struckOf,
  TASKS,
  untilStruck,
} from "./struck.ts";
import { keepRunsAside, SIX, type Told, tell, witnessOf } from "./told.ts";

keepRunsAside();

const ONE_TWICE = { ...SIX, completed: 5, duplicated: 1 };

/** Milliseconds from the end of each effect to the next request: two ways through the link. */
function pauses({ events }: Told): number[] {
  const times = (type: Event["type"]) =>
    events.filter((event) => event.type === type).map(({ at }) => at);
  const asked = times("effect-requested").slice(1);
  return times("effect-done")
    .slice(0, -1)
    .map((done, index) => (asked[index] ?? 0) - done);
}

describe("half-open", () => {
  test("swallows an ack; healed by a reset, the task comes again", async () => {
    const told = await tell("half-open", async (rig) => {
      await busy(rig);
      const fault = await rig.network.halfOpen("worker-1", { towards: "broker" });
      rig.open();
      await untilStruck(rig);
      expect([connectionsOf(rig.history, "worker-1"), endsOf(rig.history, "worker-1")]).toEqual([
        1,
        [],
      ]);
      fault.heal();
    });
    expect([told.reasons, told.account]).toEqual([[], ONE_TWICE]);
    expect(droppedOnes(told)).toEqual(["acked task-1"]);
    expect(witnessOf(told)).toMatch(/^21 bytes from worker-1 \(connection \d+\) have vanished$/);
    expect([connectionsOf(told, "worker-1"), endsOf(told, "worker-1")]).toEqual([
      2,
      ["by the link"],
    ]);
  });

  test("swallows a delivery, while the ack before it arrives", async () => {
    const told = await tell("half-open", async (rig) => {
      await busy(rig);
      await rig.network.halfOpen("worker-1", { towards: "client", at: "ack-held" });
      await untilStruck(rig);
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(eventsOf(told, "hold-ended")).toMatchObject([{ outcome: "forwarded" }]);
    expect(droppedOnes(told)).toEqual(["delivered task-2"]);
    expect(witnessOf(told)).toMatch(/^\d+ bytes to worker-1 \(connection \d+\) have vanished$/);
  });
});

describe("latency", () => {
  test("each round trip takes both delays", async () => {
    const told = await tell("latency", async (rig) => {
      await busy(rig);
      await rig.network.delay("worker-1", { by: 40 });
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(Math.min(...pauses(told))).toBeGreaterThanOrEqual(80);
    const words = /^21 bytes from worker-1 \(connection \d+\) were late by \d+ ms$/;
    expect(witnessOf(told)).toMatch(words);
    const towards = eventsOf(told, "impaired").map((event) => event.towards);
    expect(towards).toEqual(["broker", "client"]);
    for (const { late } of eventsOf(told, "impaired")) expect(late).toBeGreaterThanOrEqual(40);
    expect(connectionsOf(told, "worker-1")).toBe(1);
  });

  test("with jitter and a narrow line, and a stall on top: all land, and the order stays", async () => {
    const told = await tell("latency", async (rig) => {
      await busy(rig);
      await rig.network.delay("worker-1", { by: 20, jitter: 10, seed: 3 });
      await rig.network.throttle("worker-1", { bytesPerSecond: 20_000 });
      const stall = await rig.network.stall("worker-1", { towards: "broker" });
      rig.open();
      await untilStruck(rig);
      stall.heal();
      await rig.account();
      expect(rig.seen.ackedBy("worker-1")).toEqual(TASKS);
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(Math.min(...pauses(told))).toBeGreaterThanOrEqual(20); // Twice the least delay.
    const witnessed = eventsOf(told, "fault-witnessed").map(({ fault }) => fault);
    expect(witnessed.sort()).toEqual(["bandwidth", "latency", "stall"]);
  });

  test("of everyone is everyone's, the harness's too; healed, it is nobody's", async () => {
    const told = await tell("latency", async (rig) => {
      const latency = await rig.network.delay(EVERYONE, { by: 5 });
      await busy(rig);
      latency.heal();
      await rig.worker("worker-2");
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    const everyone = ["operator", "publisher", "worker-1"];
    expect(struckOf(told)).toEqual(expect.arrayContaining(everyone));
    expect(struckOf(told)).not.toContain("worker-2");
  });
});

test("bandwidth: no delivery comes faster than the line lets it", async () => {
  const told = await tell("bandwidth", async (rig) => {
    await busy(rig, 1_000);
    await rig.network.throttle("worker-1", { bytesPerSecond: 20_000, towards: "client" });
  });
  expect([told.reasons, told.account]).toEqual([[], SIX]);
  expect(Math.min(...pauses(told))).toBeGreaterThanOrEqual(50);
  const words = /^\d+ bytes to worker-1 \(connection \d+\) were slowed down by \d+ ms$/;
  expect(witnessOf(told)).toMatch(words);
  expect(connectionsOf(told, "worker-1")).toBe(1);
});

test("bandwidth, healed: what was under way comes at once, and the rest too", async () => {
  const told = await tell("bandwidth", async (rig) => {
    await busy(rig);
    const line = await rig.network.throttle("worker-1", { bytesPerSecond: 20 }); // An ack a second.
    rig.open();
    await untilStruck(rig);
    line.heal();
  });
  expect([told.reasons, told.account]).toEqual([[], SIX]);
  expect(eventsOf(told, "fault-healed")).toMatchObject([{ fault: "bandwidth" }]);
});

test("cut after n bytes: so many arrive, and the worker's next connection is not cut", async () => {
  const ACK = 21;
  const told = await tell("cut-after", async (rig) => {
    await busy(rig);
    await rig.network.cutAfter("worker-1", { bytes: 4 * ACK + 10, towards: "broker" });
  });
  expect([told.reasons, told.account]).toEqual([[], ONE_TWICE]);
  expect(droppedOnes(told)[0]).toBe("acked task-5"); // In the middle of its frame.
  const words = /^94 bytes from worker-1 \(connection \d+\) passed, and no more$/;
  expect(witnessOf(told)).toMatch(words);
  expect(eventsOf(told, "impaired")).toMatchObject([{ harm: "cut-after", bytes: 94 }]);
  expect([connectionsOf(told, "worker-1"), endsOf(told, "worker-1")]).toEqual([2, ["by the link"]]);
});

test("refusal: nobody begins a connection; healed, the same worker does", async () => {
  const told = await tell("connection-refusal", async (rig) => {
    await busy(rig);
    const refusal = await rig.network.refuse("worker-1");
    await rig.network.reset("worker-1", { at: "mid-task" });
    await untilStruck(rig, "connection-refused", 2);
    expect(connectionsOf(rig.history, "worker-1")).toBe(1);
    await rig.publish(1); // Others can.
    refusal.heal();
  });
  const account = { published: 7, confirmed: 7, completed: 6, duplicated: 1 };
  expect([told.reasons, told.account]).toEqual([[], account]);
  const [, witnessed] = eventsOf(told, "fault-witnessed");
  expect(witnessed?.evidence).toBe("worker-1 was refused a connection");
  expect(connectionsOf(told, "worker-1")).toBe(2);
  const healed = eventsOf(told, "fault-healed")[0]?.seq ?? 0;
  expect(eventsOf(told, "connection-refused").every(({ seq }) => seq < healed)).toBe(true);
});
