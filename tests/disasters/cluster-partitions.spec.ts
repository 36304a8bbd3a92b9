/**
 * One node of three is cut off from the others. They notice after one tick time, give or take a
 * quarter, which harness/broker/cluster.ts sets to 4 s and which is 60 s by default; the followers
 * of a leader that is cut off ask every 5 s whether it is there. How long anyone waits here is a
 * matter of these settings, and so no promise is made about it.
 */
import { expect } from "vitest";
import { EVERYONE } from "../../harness/history/event.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const AVAILABILITY = "https://www.rabbitmq.com/docs/quorum-queues#availability";
const DISCONNECTED =
  "https://www.rabbitmq.com/docs/quorum-queues#disconnected-consumer-node-timeout";
const MINORITY = "https://www.rabbitmq.com/docs/partitions#automatic-handling";

const QUORUM = { nodes: 3, queues: ["quorum"], fault: "partition" } as const;
const CLASSIC = { nodes: 3, queues: ["classic"], fault: "partition" } as const;

guarantee(
  "When the leader of a quorum queue is cut off, clients of the other nodes wait for the next one",
  { docs: AVAILABILITY, ...QUORUM, underLoad: true },
  async ({ rig }) => {
    await rig.worker("worker", { node: "node-3" });
    rig.open();
    const producer = await rig.producer("producer", { ...ENDLESS, node: "node-2" });
    const confirmed = () => rig.seen.confirmedTo("producer").length;
    await rig.until("traffic", () => confirmed() >= 10);
    expect(await rig.cluster.leaderOf("tasks")).toBe("node-1");
    await rig.cluster.partition("node-1");
    const before = confirmed();
    await rig.until("traffic to go on", () => confirmed() >= before + 10);
    await producer.stop();
    const { length } = rig.seen.publishedBy("producer");
    expect(await rig.account()).toEqual({
      published: length,
      confirmed: length,
      completed: length,
    });
    expect([...rig.seen.nodesOf("producer"), ...rig.seen.nodesOf("worker")]).toEqual(APART);
  },
);

guarantee(
  "Clients of the other nodes do not notice that a node is cut off which leads nothing",
  { docs: AVAILABILITY, ...QUORUM },
  async ({ rig }) => {
    await rig.worker("worker", { node: "node-2" });
    const before = await rig.publish(10);
    await rig.cluster.partition("node-3");
    const after = await rig.publish(10);
    await rig.settle();
    await rig.cluster.heal();
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
    expect([...rig.seen.nodesOf("publisher"), ...rig.seen.nodesOf("worker")]).toEqual(NEAR);
    expect(rig.seen.redeliveredTo(EVERYONE)).toEqual([]);
  },
);

guarantee(
  "A producer on the node that is cut off hears no confirm until it is healed, and then of every task",
  { docs: AVAILABILITY, ...QUORUM, notApplicable: before43 },
  async ({ rig }) => {
    await rig.worker("worker", { node: "node-2" });
    const before = await rig.publish(10);
    await rig.cluster.partition("node-1");
    const publishing = rig.publish(10);
    await rig.until("all to be sent", () => rig.seen.publishedBy("publisher").length === 20);
    await rig.settle(); // The worker does what the others have, and then nothing moves any more.
    expect(rig.seen.confirmedTo("publisher")).toEqual(before);
    await rig.cluster.heal();
    const after = await publishing;
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
    expect(rig.seen.nodesOf("publisher")).toEqual(["node-1"]);
  },
);

guarantee(
  "A node that is cut off sends its clients away, and they go on at another one",
  { docs: MINORITY, ...QUORUM, notApplicable: from43 },
  async ({ rig }) => {
    await rig.worker("worker", { node: "node-2" });
    const before = await rig.publish(10);
    await rig.cluster.partition("node-1");
    await rig.until("it to be sent away", () => rig.seen.isAway("publisher"));
    const after = await rig.publish(10);
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
    expect(rig.seen.nodesOf("publisher")).toEqual(["node-1", "node-2"]);
  },
);

guarantee(
  "A task in the hand of a worker whose node is cut off stays there, and is done once if the node is back in time",
  { docs: DISCONNECTED, ...QUORUM, notApplicable: before43 },
  async ({ rig }) => {
    const [inHand = "", ...others] = await cutOffMidTask(rig);
    rig.open();
    await rig.until("the others to be done", () => rig.seen.ackedBy("near").length === 3);
    expect(rig.seen.deliveredTo("near")).toEqual(others);
    await rig.cluster.heal();
    expect(await rig.fates()).toEqual({ completed: [inHand, ...others] });
  },
);

limit(
  "A task in the hand of a worker whose node is cut off goes to another worker, and is done twice",
  { docs: "observed", ...QUORUM, notApplicable: from43 },
  async ({ rig }) => {
    const [inHand = "", ...others] = await cutOffMidTask(rig);
    await rig.until("it to be delivered again", () => rig.seen.redeliveredTo(EVERYONE).length > 0);
    expect(rig.seen.redeliveredTo(EVERYONE)).toEqual([inHand]);
    await rig.cluster.heal();
    expect(await rig.fates()).toEqual({ completed: others, duplicated: [inHand] });
  },
);

limit(
  "A classic queue on a node that is cut off is away for clients of the others; its own go on",
  { docs: "observed", ...CLASSIC, notApplicable: before43 },
  async ({ rig }) => {
    const before = await rig.publish(10);
    await rig.cluster.partition("node-1");
    const far = await rig.producer("far", {
      program: "reconnects.ts",
      args: [5, "--prefix", "far"],
      node: "node-2",
    });
    await far.exited;
    const after = await rig.publish(5);
    await rig.cluster.heal();
    await rig.workers(2);
    expect(await rig.account()).toEqual({
      published: 20,
      confirmed: 15,
      refused: 5,
      completed: 15,
    });
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
  },
);

limit(
  "A classic queue on a node that is cut off is away for everyone, and its tasks come back with it",
  { docs: MINORITY, ...CLASSIC, notApplicable: from43 },
  async ({ rig }) => {
    const before = await rig.publish(10);
    await rig.cluster.partition("node-1");
    await rig.until("its clients to be sent away", () => rig.seen.isAway("publisher"));
    await rig.publish(5);
    await rig.cluster.heal();
    await rig.workers(2);
    expect(await rig.account()).toEqual({
      published: 15,
      confirmed: 10,
      [rig.isFrom("4.0") ? "refused" : "returned"]: 5,
      completed: 10,
    });
    expect(await rig.fates()).toEqual({ completed: before });
  },
);

/** A producer that goes on at another node, until it is stopped. */
const ENDLESS = { program: "reconnects.ts", args: [1_000_000] };

/** The nodes of two clients that never had to look for another one. */
const APART = ["node-2", "node-3"];
const NEAR = ["node-1", "node-2"];

/** Of four tasks, the first is in the hand of `far` when its node is cut off from that of `near`. */
async function cutOffMidTask(rig: Rig): Promise<string[]> {
  await rig.worker("far", { node: "node-3" });
  const tasks = await rig.publish(4);
  await rig.until("it to be mid-task", () => rig.seen.askedBy("far").length === 1);
  await rig.cluster.partition("node-3");
  await rig.worker("near", { node: "node-2" });
  return tasks;
}

function isFrom43(version: string): boolean {
  return version.localeCompare("4.3", "en", { numeric: true }) >= 0;
}

function before43(version: string): string | undefined {
  return isFrom43(version) ? undefined : "before 4.3, a node that is cut off pauses";
}

function from43(version: string): string | undefined {
  return isFrom43(version)
    ? "from 4.3 on, a node that is cut off stays with its clients"
    : undefined;
}
