import { expect } from "vitest";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const CONNECTIONS = "https://www.rabbitmq.com/docs/connections";
const REQUEUE = "https://www.rabbitmq.com/docs/confirms#automatic-requeueing";
const PREFETCH = "https://www.rabbitmq.com/docs/consumer-prefetch";

/** Starts a worker with two connections, and waits until it has a task in hand on each. */
async function workOnTwoConnections(rig: Rig) {
  await rig.worker("worker-1", { program: "two-connections.ts" });
  await rig.publish(20);
  await rig.until("a task in hand on both", () => rig.seen.askedBy("worker-1").length === 2);
  const [first = 0, second = 0] = rig.seen.consumingOn("worker-1");
  return {
    first: { subject: "worker-1", connection: first },
    second: { subject: "worker-1", connection: second },
  };
}

guarantee(
  "When a worker loses one of its connections, only the task in hand on that one comes again",
  { docs: REQUEUE, fault: "connection-reset" },
  async ({ rig }) => {
    const { first } = await workOnTwoConnections(rig);
    const inHand = rig.seen.deliveredTo(first);
    await rig.network.reset(first);
    await rig.until("the task to come again", () => rig.seen.deliveredTo("worker-1").length === 3);
    expect(rig.seen.endedOf("worker-1")).toEqual([first.connection]);
    expect((await rig.fates()).duplicated).toEqual(inHand);
    expect(rig.seen.redeliveredTo("worker-1")).toEqual(inHand);
  },
);

guarantee(
  "While one connection of a worker is stalled, the other goes on with all other tasks",
  { docs: CONNECTIONS, fault: "stall" },
  async ({ rig }) => {
    const { first, second } = await workOnTwoConnections(rig);
    await rig.network.stall(first);
    rig.open();
    await rig.until("the rest to be done", () => rig.seen.ackedBy(second).length === 19);
    expect(rig.seen.ackedBy(first)).toEqual([]);
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    expect(rig.seen.redeliveredTo("worker-1")).toEqual([]);
  },
);

guarantee(
  "While one connection of a worker is silent, the other goes on with all other tasks",
  { docs: CONNECTIONS, fault: "half-open" },
  async ({ rig }) => {
    const { first, second } = await workOnTwoConnections(rig);
    const inHand = rig.seen.deliveredTo(first);
    const silence = await rig.network.halfOpen(first);
    rig.open();
    await rig.until("the rest to be done", () => rig.seen.ackedBy(second).length === 19);
    expect(rig.seen.endedOf("worker-1")).toEqual([]);
    silence.heal();
    expect((await rig.fates()).duplicated).toEqual(inHand);
    expect(rig.seen.redeliveredTo("worker-1")).toEqual(inHand);
  },
);

const STUCK = [
  { word: "stalled", fault: "stall", strike: ({ network }: Rig) => network.stall("worker-1") },
  {
    word: "slow",
    fault: "bandwidth",
    strike: ({ network }: Rig) => network.throttle("worker-1", { bytesPerSecond: 10 }),
  },
] as const;

for (const { word, fault, strike } of STUCK) {
  guarantee(
    `Behind a ${word} network wait as many tasks as the worker's prefetch, and its peer does the rest`,
    { docs: PREFETCH, fault },
    async ({ rig }) => {
      await rig.workers(2, { prefetch: 3 });
      const harm = await strike(rig);
      await rig.publish(20);
      rig.open();
      await rig.until("the rest to be done", () => rig.seen.ackedBy("worker-2").length === 17);
      expect(rig.seen.effectsOf("worker-1")).toEqual([]);
      harm.heal();
      expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
      expect(rig.seen.redeliveredTo("worker-2")).toEqual([]);
    },
  );
}

limit(
  "Without a prefetch limit, every second task waits behind a stalled network while the peer is idle",
  { docs: PREFETCH, fault: "stall" },
  async ({ rig }) => {
    await rig.workers(2, { prefetch: 0 });
    await rig.network.stall("worker-1");
    const tasks = await rig.publish(20);
    rig.open();
    await rig.until("the peer to be idle", () => rig.seen.ackedBy("worker-2").length === 10);
    const byPeer = rig.seen.deliveredTo("worker-2");
    expect(rig.seen.effectsOf("worker-1")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    expect(rig.seen.deliveredTo("worker-1")).toEqual(tasks.filter((id) => !byPeer.includes(id)));
  },
);
