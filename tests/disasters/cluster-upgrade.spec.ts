import { expect } from "vitest";
import type { BootFailure } from "../../harness/broker/boot-failure.ts";
import { EVERYONE } from "../../harness/history/event.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { finding, guarantee } from "../../harness/vitest.ts";

const FEATURE_FLAGS = "https://www.rabbitmq.com/docs/feature-flags#tldr";
const ROLLBACK =
  "https://www.rabbitmq.com/docs/metadata-store/how-to-enable-khepri#rollback-in-case-of-an-error";

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

/**
 * Promise, in the words of the documentation (how to enable Khepri, rollback in case of an error):
 * "If there is an error during this process, everything is rolled back and RabbitMQ will resume
 * activities using Mnesia as before." The way from 4.0 to 4.3 in one step is not supported.
 *
 * Found: the node that ends as refused has first moved the metadata of the whole cluster to Khepri.
 * Nobody notices until the refused node is started on 4.0 again: then none of them takes a client
 * any more. If it is one of the others that is restarted, it does not boot.
 *
 * Cause: 4.3 enables `khepri_db` in `rabbit_ff_controller` before it looks at the flags that 4.0
 * does not know. The migration succeeds, and deletes the tables in Mnesia of all nodes, but the flag
 * stays disabled on those of 4.0. Back on 4.0, the refused node enables it there, which fails
 * (`all_mnesia_nodes_must_run`: it is the one on which Mnesia no longer runs). This error is rolled
 * back to a Mnesia without tables: `no_exists`, for every connection and every virtual host. Another
 * node that is restarted misses them at once (`schema_integrity_check_failed`).
 *
 * To live with it: enable `khepri_db` before the upgrade. If it is too late, don't restart anything
 * on 4.0: stop all nodes and start all of them on 4.3. That is no way for a cluster of which no node
 * has been refused by itself, see tests/findings/khepri-copied-halfway.md.
 */
finding(
  "Without Khepri, a node of a 4.0 cluster that 4.3 has refused can't go back, and when it tries, no node takes a client any more; started on 4.3 together, they have every confirmed task",
  { docs: ROLLBACK, ...FROM_40, queues: ["quorum"] },
  async ({ rig, image }) => {
    await rig.declare("local", { type: "classic" });
    const local = await rig.publish(10, { queue: "local" });
    const before = await rig.publish(10);
    const refusals = await rig.cluster.upgrade(image, "node-1");
    expectRefusal(rig, refusals.get("node-1"), UNKNOWN);
    const meanwhile = await rig.publish(10);
    const again = await rig.cluster.goBack("node-1");
    expectRefusal(rig, again.get("node-1"), "all_mnesia_nodes_must_run");
    await rig.producer("producer", LATE);
    await rig.until("it to try every node", () => rig.seen.openedOf("producer").length > 6);
    expect(rig.seen.nodesOf("producer")).toEqual([]);
    expect(await rig.cluster.upgrade(image, ...rig.cluster.nodes)).toEqual(new Map());
    await rig.until("it to be served", () => rig.seen.confirmedTo("producer").length === 10);
    const late = rig.seen.publishedBy("producer");
    expect(await rig.fates()).toEqual({ remaining: [...local, ...before, ...meanwhile, ...late] });
  },
);

/** A producer that goes on at another node, until it is stopped. */
const ENDLESS = { program: "reconnects.ts", args: [1_000_000] };
const LATE = { program: "reconnects.ts", args: [10, "--prefix", "late"] };

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
