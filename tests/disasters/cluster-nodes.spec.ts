import { expect } from "vitest";
import { EVERYONE } from "../../harness/history/event.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const ELECTION = "https://www.rabbitmq.com/docs/quorum-queues#leader-election";
const AVAILABILITY = "https://www.rabbitmq.com/docs/quorum-queues#availability";
const RESTARTS = "https://www.rabbitmq.com/docs/clustering#restarting";

const QUORUM = { nodes: 3, queues: ["quorum"] } as const;

guarantee(
  "A confirmed task in a quorum queue survives the death of its leader's node",
  { docs: ELECTION, fault: "node-kill", ...QUORUM },
  async ({ rig }) => {
    const before = await rig.publish(10);
    await rig.cluster.killLeader("tasks");
    const after = await rig.publish(10);
    await rig.workers(2);
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
  },
);

guarantee(
  "Clients of other nodes do not notice the death of a node that leads nothing",
  { docs: AVAILABILITY, fault: "node-kill", ...QUORUM },
  async ({ rig }) => {
    await rig.workers(2, { node: "node-2" });
    const before = await rig.publish(10);
    await rig.cluster.kill("node-3");
    const after = await rig.publish(10);
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
    for (const name of ["worker-1", "worker-2", "publisher"]) {
      expect(rig.seen.openedOf(name)).toHaveLength(1);
    }
  },
);

limit(
  "When a worker's node dies, the task in its hand is done twice, and no other",
  { docs: "observed", fault: "node-kill", ...QUORUM },
  async ({ rig }) => {
    const [inHand, ...others] = await holdAtNode3(rig);
    await rig.cluster.kill("node-3");
    await rig.until("it to work elsewhere", () => rig.seen.deliveredTo("worker").length === 2);
    expect(await rig.fates()).toEqual({ completed: others, duplicated: [inHand] });
    expect(rig.seen.nodesOf("worker")).toEqual(["node-3", "node-1"]);
  },
);

limit(
  "A task in the hand of a worker whose node has died is away at first, and comes back with the node",
  { docs: "observed", fault: "node-kill", ...QUORUM, notApplicable: unlessFrom43 },
  async ({ rig }) => {
    const [inHand = "", ...others] = await holdAtNode3(rig);
    await rig.cluster.kill("node-3");
    rig.open();
    await rig.until("the others to be done", () => rig.seen.ackedBy("worker").length === 3);
    expect(rig.seen.deliveredTo("worker")).toEqual([inHand, ...others]);
    await rig.cluster.start("node-3");
    await rig.until("the task to return", () => rig.seen.redeliveredTo("worker").length === 1);
    expect(await rig.fates()).toEqual({ completed: others, duplicated: [inHand] });
  },
);

guarantee(
  "With one of three nodes left, publishes to a quorum queue wait, and all of them get through",
  { docs: AVAILABILITY, fault: "node-kill", ...QUORUM },
  async ({ rig }) => {
    const before = await rig.publish(10);
    await rig.cluster.kill("node-2", "node-3");
    const publishing = rig.publish(10);
    const seen = () => rig.seen.publishedBy("publisher").length;
    // Before 4.3, a node that is left alone sends its clients away, and takes no others.
    const isStuck = () => (rig.isFrom("4.3") ? seen() === 20 : rig.seen.isAway("publisher"));
    await rig.until("the producer to be stuck", isStuck);
    expect(rig.seen.confirmedTo("publisher")).toEqual(before);
    await rig.cluster.start("node-2");
    const after = await publishing;
    await rig.workers(2);
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
  },
);

guarantee(
  "Every confirmed task of a registered quorum queue survives the death of all nodes at once",
  { docs: AVAILABILITY, fault: "node-kill", ...QUORUM },
  async ({ rig }) => {
    await rig.registered();
    const tasks = await rig.publish(50);
    await rig.cluster.kill(...rig.cluster.nodes);
    await rig.cluster.start(...rig.cluster.nodes);
    await rig.workers(2);
    expect(await rig.fates()).toEqual({ completed: tasks });
  },
);

guarantee(
  "No confirmed task of a quorum queue is lost while its nodes are restarted one by one under load",
  { docs: RESTARTS, fault: "node-stop", ...QUORUM, underLoad: true },
  async ({ rig }) => {
    await rig.workers(2);
    rig.open();
    const producer = await rig.producer("producer", ENDLESS);
    await rig.until("traffic", () => rig.seen.confirmedTo("producer").length > 10);
    await rig.cluster.restartOneByOne();
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

limit(
  "A classic queue is away with its node: new tasks are refused or returned, and the old ones come back with it",
  { docs: "observed", fault: "node-kill", nodes: 3, queues: ["classic"] },
  async ({ rig }) => {
    await rig.registered();
    const before = await rig.publish(10);
    const home = await rig.cluster.killLeader("tasks");
    const [first = ""] = await rig.publish(5);
    const { answers, outcome } = awayFrom(rig);
    expect(rig.seen.answersTo(first)).toEqual(answers);
    await rig.cluster.start(home);
    const after = await rig.publish(5);
    await rig.workers(2);
    expect(await rig.fates()).toEqual({ completed: [...before, ...after] });
    expect(await rig.account()).toMatchObject({ published: 20, confirmed: 15, [outcome]: 5 });
  },
);

/** A producer that goes on at another node, until it is stopped. */
const ENDLESS = { program: "reconnects.ts", args: [1_000_000] };

/** A worker of node-3 has the first of four tasks in hand. */
async function holdAtNode3(rig: Rig): Promise<string[]> {
  await rig.worker("worker", { node: "node-3" });
  const tasks = await rig.publish(4);
  await rig.until("the worker to be mid-task", () => rig.seen.askedBy("worker").length === 1);
  return tasks;
}

/** What a publish is answered whose queue is on a node that can't be reached. */
function awayFrom(rig: Rig) {
  if (rig.isFrom("4.0")) return { answers: ["refused"], outcome: "refused" };
  return { answers: ["returned: 312 NO_ROUTE", "confirmed"], outcome: "returned" };
}

function unlessFrom43(version: string): string | undefined {
  const isFrom = version.localeCompare("4.3", "en", { numeric: true }) >= 0;
  return isFrom ? undefined : "before 4.3, a quorum queue takes such a task back at once";
}
