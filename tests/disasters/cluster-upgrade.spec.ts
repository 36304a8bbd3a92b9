import { expect } from "vitest";
import { EVERYONE } from "../../harness/history/event.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const FEATURE_FLAGS = "https://www.rabbitmq.com/docs/feature-flags#tldr";
const UPGRADABILITY = "https://www.rabbitmq.com/docs/upgrade#rabbitmq-version-upgradability";

const FROM_40 = {
  fault: "upgrade",
  startsOn: "4.0",
  nodes: 3,
  notApplicable: (version: string) =>
    version.startsWith("4.3.") ? undefined : "this is about the way to 4.3",
} as const;

/** 4.0 does not know a flag that 4.3 can't do without. */
const REFUSAL = "`amqp_filter_set_bug`: unsupported; aborting";

// RabbitMQ documents one rolling way to 4.3, from 4.2. Debian's packages make no 4.2.
guarantee(
  "A cluster of 4.0 that has every feature flag enabled refuses a node on 4.3 and goes on: no confirmed task is lost, and the node comes back as it was",
  { docs: FEATURE_FLAGS, ...FROM_40, queues: ["quorum"], underLoad: true },
  async ({ rig, image }) => {
    await rig.cluster.enableFeatureFlags();
    await rig.workers(2);
    rig.open();
    const producer = await rig.producer("producer", ENDLESS);
    await moreConfirmed(rig, 10);
    const leader = await rig.cluster.leaderOf("tasks");
    const refusals = await rig.cluster.upgrade(image, leader);
    expect(refusals.get(leader)?.log).toContain(REFUSAL);
    await moreConfirmed(rig, 10);
    expect(await rig.cluster.goBack(leader)).toEqual(new Map());
    await moreConfirmed(rig, 10);
    await producer.stop();
    const { completed, duplicated = [], recovered, ...bad } = await rig.fates();
    expect(Object.keys(bad)).toEqual([]);
    expect(rig.seen.redeliveredTo(EVERYONE)).toEqual(expect.arrayContaining(duplicated));
    const { published, confirmed = 0, unknown = 0 } = await rig.account();
    expect(confirmed + unknown).toBe(published);
    expect(unknown).toBeLessThanOrEqual(rig.seen.endedOf("producer").length);
  },
);

guarantee(
  "A cluster of 4.0 that has every feature flag enabled, stopped and started on 4.3 as a whole, keeps every confirmed task of a classic and a quorum queue, in order",
  { docs: "observed", ...FROM_40, queues: ["classic"] },
  async ({ rig, image }) => {
    await rig.cluster.enableFeatureFlags();
    await rig.declare("replicated", { type: "quorum" });
    const tasks = await rig.publish(100);
    const replicated = await rig.publish(100, { queue: "replicated" });
    expect(await rig.cluster.upgrade(image, ...rig.cluster.nodes)).toEqual(new Map());
    const found = rig.keepDrained();
    expect(await rig.account()).toEqual({ published: 200, confirmed: 200, remaining: 200 });
    const inQueue = Map.groupBy(found, ({ fields }) => fields.routingKey);
    const ids = (queue: string) =>
      inQueue.get(queue)?.map(({ properties }) => properties.messageId);
    expect([ids("tasks"), ids("replicated")]).toEqual([tasks, replicated]);
  },
);

limit(
  "Where Khepri is not enabled, the node that 4.3 has refused can't go back to 4.0, and its attempt leaves no node that takes a client: all of them on 4.3 have every confirmed task",
  { docs: UPGRADABILITY, ...FROM_40, queues: ["quorum"] },
  async ({ rig, image }) => {
    await rig.declare("local", { type: "classic" });
    const local = await rig.publish(10, { queue: "local" });
    const before = await rig.publish(10);
    const refusals = await rig.cluster.upgrade(image, "node-1");
    expect(refusals.get("node-1")?.log).toContain(REFUSAL);
    const meanwhile = await rig.publish(10);
    const again = await rig.cluster.goBack("node-1");
    expect(again.get("node-1")?.log).toContain("all_mnesia_nodes_must_run");
    const working = rig.workers(1);
    await rig.until("no node to take it", () => rig.seen.openedOf("worker-1").length > 6);
    expect(rig.seen.nodesOf("worker-1")).toEqual([]);
    expect(await rig.cluster.upgrade(image, ...rig.cluster.nodes)).toEqual(new Map());
    await working;
    const completed = [...before, ...meanwhile];
    expect(await rig.fates()).toEqual({ completed, remaining: local });
  },
);

/** A producer that goes on at another node, until it is stopped. */
const ENDLESS = { program: "reconnects.ts", args: [1_000_000] };

/** Waits until so many more tasks are confirmed. */
function moreConfirmed(rig: Rig, count: number): Promise<void> {
  const confirmed = () => rig.seen.confirmedTo("producer").length;
  const enough = confirmed() + count;
  return rig.until(`${count} more confirms`, () => confirmed() >= enough);
}
