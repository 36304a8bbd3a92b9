import { expect } from "vitest";
import type { BootFailure } from "../../harness/broker/boot-failure.ts";
import { EVERYONE } from "../../harness/history/event.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee } from "../../harness/vitest.ts";

const FEATURE_FLAGS = "https://www.rabbitmq.com/docs/feature-flags#tldr";

const FROM_40 = {
  fault: "upgrade",
  startsOn: "4.0",
  nodes: 3,
  notApplicable: (version: string) =>
    version.startsWith("4.3.") ? undefined : "this is about the way to 4.3",
} as const;

/** 4.0 does not know a feature flag that 4.3 can't do without. */
const UNKNOWN = "`amqp_filter_set_bug`: unsupported; aborting";

// RabbitMQ documents one way to 4.3, from 4.2. Debian's packages make no 4.2.
guarantee(
  "With every feature flag enabled, a node of a 4.0 cluster that is started on 4.3 is refused, the others go on, and it comes back as it was: no confirmed task is lost",
  { docs: FEATURE_FLAGS, ...FROM_40, queues: ["quorum"], underLoad: true },
  async ({ rig, image }) => {
    await rig.cluster.enableFeatureFlags();
    await rig.workers(2);
    rig.open();
    const producer = await rig.producer("producer", ENDLESS);
    await moreConfirmed(rig, 10);
    const leader = await rig.cluster.leaderOf("tasks");
    const refusals = await rig.cluster.upgrade(image, leader);
    expectRefusal(rig, refusals.get(leader), UNKNOWN);
    await moreConfirmed(rig, 10);
    expect(await rig.cluster.goBack(leader)).toEqual(new Map());
    await moreConfirmed(rig, 10);
    await producer.stop();
    const { completed, duplicated = [], recovered, ...bad } = await rig.fates();
    expect(Object.keys(bad)).toEqual([]);
    expect(rig.seen.redeliveredTo(EVERYONE)).toEqual(expect.arrayContaining(duplicated));
    // It publishes one task after the other: each loss of its node can leave one of them unknown.
    const { published, confirmed = 0, unknown = 0 } = await rig.account();
    expect(confirmed + unknown).toBe(published);
    expect(unknown).toBeLessThanOrEqual(rig.seen.endedOf("producer").length);
  },
);

guarantee(
  "With every feature flag enabled, a 4.0 cluster that is stopped as a whole starts on 4.3 with every confirmed task of a classic and a quorum queue, in order",
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

/** A producer that goes on at another node, until it is stopped. */
const ENDLESS = { program: "reconnects.ts", args: [1_000_000] };

function expectRefusal(rig: Rig, refusal: BootFailure | undefined, words: string): void {
  expect(refusal?.code).toBe(1);
  expect(refusal?.log).toContain(words);
  rig.notes.push(`the node exits with 1: ${words}`);
}

/** Waits until so many more tasks are confirmed. */
function moreConfirmed(rig: Rig, count: number): Promise<void> {
  const confirmed = () => rig.seen.confirmedTo("producer").length;
  const enough = confirmed() + count;
  return rig.until(`${count} more confirms`, () => confirmed() >= enough);
}
