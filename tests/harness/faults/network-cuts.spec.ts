/** A connection is broken off at each moment, in each way, on a real broker. */
import { describe, expect, test } from "vitest";
import { EVERYONE, type Moment, type NetworkFault } from "../../../harness/history/event.ts";
import type { Rig } from "../../../harness/scenario/rig.ts";
import { connectionsOf, droppedOnes, endsOf, eventsOf } from "./struck.ts";
import { keepRunsAside, SIX, type Told, tell, witnessOf } from "./told.ts";

keepRunsAside();

type Cut = "reset" | "close" | "tear" | "halfOpen";

const FAULT: Record<Cut, NetworkFault> = {
  reset: "connection-reset",
  close: "connection-close",
  tear: "torn-frame",
  halfOpen: "half-open",
};

/** What of the moment's task did not arrive (by its event), and what becomes of the six. */
const WORKER: [Moment, Cut[], dropped: string[], account: object][] = [
  ["delivered", ["reset", "close", "tear", "halfOpen"], ["delivered"], SIX],
  // The effect that was under way is done all the same, and so is its task once more.
  ["mid-task", ["reset", "close"], [], { ...SIX, completed: 5, duplicated: 1 }],
  [
    "ack-held",
    ["reset", "close", "tear", "halfOpen"],
    ["acked"],
    { ...SIX, completed: 5, duplicated: 1 },
  ],
];

describe.for(WORKER)("a worker's connection, %s:", ([at, cuts, dropped, account]) => {
  test.for(cuts)("%s", async (cut) => {
    const told = await tell(FAULT[cut], async (rig) => {
      await rig.workers(1);
      await rig.publish(6);
      await rig.network[cut]("worker-1", { at, nth: 2 });
    });
    expect([told.reasons, told.outcome, told.account]).toEqual([[], "held", account]);
    expectDropped(told, dropped);
    expectBrokenOff(told, cut, "worker-1");
    // The same process works on, on a new connection.
    expect(connectionsOf(told, "worker-1")).toBe(2);
    expect(eventsOf(told, "process-started")).toHaveLength(1);
  });
});

/** What became of the third publish, of which the producer never learned. */
const PRODUCER: [Moment, Cut[], dropped: string[], account: object][] = [
  ["publish-held", ["reset", "close", "tear", "halfOpen"], ["published"], {}],
  ["confirm-held", ["reset", "close", "tear", "halfOpen"], ["publish-confirmed"], { recovered: 1 }],
];

describe.for(PRODUCER)("a producer's connection, %s:", ([at, cuts, dropped, account]) => {
  test.for(cuts)("%s", async (cut) => {
    const told = await tell(FAULT[cut], async (rig) => {
      const broken = rig.network[cut]("producer", { at, nth: 3 });
      const producer = await rig.producer("producer", {
        program: "producer.ts",
        args: [4, "--one-by-one"],
      });
      const fault = await broken;
      fault?.heal();
      expect(await producer.exited).toMatchObject({ code: 1 });
      await rig.workers(1);
    });
    const known = { published: 3, confirmed: 2, unknown: 1, completed: 2 };
    expect([told.reasons, told.account]).toEqual([[], { ...known, ...account }]);
    expectDropped(told, dropped);
    expectBrokenOff(told, cut, "producer");
  });
});

/** Of the moment's task, this did not arrive, and nothing else. */
function expectDropped(told: Told, types: string[]): void {
  const [injected] = eventsOf(told, "fault-injected");
  expect(droppedOnes(told)).toEqual(types.map((type) => `${type} ${injected?.task}`));
}

function expectBrokenOff(told: Told, cut: Cut, subject: string): void {
  expect(endsOf(told, subject)).toEqual(["by the link"]);
  if (cut !== "halfOpen") {
    expect(witnessOf(told)).toBe(`the broker has ended 1 of ${subject}'s connections`);
    return;
  }
  const evidence = new RegExp(
    `^\\d+ bytes (from|to) ${subject} \\(connection \\d+\\) have vanished$`,
  );
  expect(witnessOf(told)).toMatch(evidence);
  expect(eventsOf(told, "fault-healed")).toHaveLength(1);
}

test("one connection of two subjects is broken off, by its number: the other's lives", async () => {
  const told = await tell("connection-reset", async (rig) => {
    await rig.workers(2);
    await rig.publish(6);
    await rig.network.reset({ subject: "worker-1", connection: numberOf(rig, "worker-1") });
  });
  expect(told.reasons).toEqual([]);
  expect([connectionsOf(told, "worker-1"), connectionsOf(told, "worker-2")]).toEqual([2, 1]);
  const [injected] = eventsOf(told, "fault-injected");
  const [closed] = eventsOf(told, "connection-closed");
  expect(closed?.connection).toBe(injected?.connection);
});

test("everyone's connections are broken off, the harness's too: all come back", async () => {
  const told = await tell("connection-close", async (rig) => {
    await rig.workers(2);
    await rig.publish(6);
    await rig.until("both to be mid-task", () =>
      ["worker-1", "worker-2"].every((worker) => rig.seen.askedBy(worker).length === 1),
    );
    await rig.network.close(EVERYONE);
    await rig.publish(2);
  });
  expect(told.reasons).toEqual([]);
  expect(told.account).toEqual({ published: 8, confirmed: 8, completed: 6, duplicated: 2 });
  for (const subject of ["worker-1", "worker-2", "publisher"]) {
    expect(connectionsOf(told, subject), subject).toBe(2);
  }
});

test("at a moment on one connection, another is broken off: what was held goes on", async () => {
  const told = await tell("connection-reset", async (rig) => {
    await rig.worker("worker-1");
    await rig.publish(6);
    const spared = numberOf(rig, "worker-1");
    const refusal = await rig.network
      .reset(
        { subject: "worker-1", connection: spared + 100 },
        {
          at: "ack-held",
        },
      )
      .catch((error: Error) => error.message);
    expect(refusal).toContain("had no connection to break off");
  });
  expect(eventsOf(told, "hold-ended")).toMatchObject([{ outcome: "forwarded" }]);
  expect(told.outcome).toBe("inconclusive");
});

function numberOf(rig: Rig, subject: string): number {
  const consuming = eventsOf(rig.history, "consuming").find((event) => event.subject === subject);
  if (!consuming) throw new Error(`${subject} does not consume`);
  return consuming.connection;
}
