import { expect } from "vitest";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const ROUND_ROBIN =
  "https://www.rabbitmq.com/tutorials/tutorial-two-javascript#round-robin-dispatching";
const PREFETCH = "https://www.rabbitmq.com/docs/consumer-prefetch";
const ORDER = "https://www.rabbitmq.com/docs/queues#message-ordering";
const REORDERED = "https://www.rabbitmq.com/docs/queues#when-messages-can-be-reordered";
const PRIORITY = "https://www.rabbitmq.com/docs/priority#behaviour";
const QUORUM_PRIORITY = "https://www.rabbitmq.com/docs/quorum-queues#priorities";
const AHEAD = "https://www.rabbitmq.com/docs/priority#interaction-with-consumers";

/** A classic queue knows priorities only when asked to; a quorum queue must not be asked. */
const prioritised = ({ queueType }: Rig) =>
  queueType === "classic" ? { arguments: { "x-max-priority": 10 } } : {};

/** Publishes one task after the other, each with its priority, if it has one. */
async function publish(rig: Rig, priorities: (number | undefined)[]): Promise<void> {
  for (const priority of priorities) {
    await rig.publish(1, priority === undefined ? {} : { properties: { priority } });
  }
}

/** The priorities of so many tasks, in the order in which a consumer is sent them. */
async function sentIn(rig: Rig, count: number): Promise<(number | undefined)[]> {
  const consumer = await rig.consumer("consumer", { prefetch: 0 });
  await consumer.take(count);
  return consumer.taken.map(({ properties }) => properties.priority);
}

guarantee(
  "Workers that were there first are dealt the tasks in turn, the same number each",
  { docs: ROUND_ROBIN, fault: "none" },
  async ({ rig }) => {
    await rig.workers(3, { prefetch: 0 });
    const tasks = await rig.publish(300);
    const account = await rig.account();
    const everyThird = [0, 1, 2].map((first) => tasks.filter((_, index) => index % 3 === first));
    const dealt = ["worker-1", "worker-2", "worker-3"].map((worker) =>
      rig.seen.deliveredTo(worker),
    );
    expect(dealt).toHaveLength(3);
    expect(dealt).toEqual(expect.arrayContaining(everyThird));
    expect(account).toEqual({ published: 300, confirmed: 300, completed: 300 });
  },
);

guarantee(
  "A worker that is added later takes the waiting tasks, once the prefetch is bounded",
  { docs: PREFETCH, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { prefetch: 1 });
    rig.hold("task-1");
    const [busy, ...waiting] = await rig.publish(20);
    await rig.worker("late-worker", { prefetch: 1 });
    rig.open();
    await rig.until(
      "the late worker to do the rest",
      () => rig.seen.effectsOf("late-worker").length === 19,
    );
    expect(rig.seen.deliveredTo("late-worker")).toEqual(waiting);
    expect(rig.seen.deliveredTo("worker-1")).toEqual([busy]);
    rig.release("task-1");
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
  },
);

limit(
  "Without a prefetch limit, a worker that is added later gets nothing of what is already taken",
  { docs: PREFETCH, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { prefetch: 0 });
    const tasks = await rig.publish(20);
    await rig.until(
      "the first worker to take all",
      () => rig.seen.deliveredTo("worker-1").length === 20,
    );
    await rig.worker("late-worker", { prefetch: 0 });
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    expect(rig.seen.deliveredTo("worker-1")).toEqual(tasks);
    expect(rig.seen.deliveredTo("late-worker")).toEqual([]);
  },
);

guarantee(
  "A single consumer is sent the tasks of one producer's channel in the order of publishing",
  { docs: ORDER, fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer", { prefetch: 10 });
    const tasks = await rig.publish(200);
    await consumer.done(...(await consumer.take(10)));
    await consumer.take(20);
    await consumer.channel.close();
    const another = await rig.consumer("another", { prefetch: 0 });
    expect(await another.take(190)).toEqual(tasks.slice(10));
    expect(rig.seen.deliveredTo("consumer")).toEqual(tasks.slice(0, 20));
    expect(await rig.account()).toEqual({
      published: 200,
      confirmed: 200,
      completed: 10,
      remaining: 190,
    });
  },
);

limit(
  "With two consumers, a task that one of them gives back is done after those behind it",
  { docs: REORDERED, fault: "none" },
  async ({ rig }) => {
    const first = await rig.consumer("first", { prefetch: 1 });
    const second = await rig.consumer("second", { prefetch: 1 });
    const [returned = "", behind = ""] = await rig.publish(2);
    await Promise.all([first.take(1), second.take(1)]);
    await first.channel.close();
    await second.done(behind);
    await second.take(2);
    await second.done(returned);
    expect(rig.seen.deliveredTo("second")).toEqual([behind, returned]);
    expect(rig.seen.effectsOf("second")).toEqual([behind, returned]);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

guarantee(
  "With x-max-priority, waiting tasks are sent by priority, and any above the highest counts as it",
  { docs: PRIORITY, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-max-priority": 10 } });
    await publish(rig, [0, 5, 10, 20, undefined, 7]);
    expect(await sentIn(rig, 6)).toEqual([10, 20, 7, 5, 0, undefined]);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, remaining: 6 });
  },
);

limit(
  "Without x-max-priority, a classic queue takes no notice of priorities",
  { docs: PRIORITY, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await publish(rig, [0, 5, 10, 20, undefined, 7]);
    expect(await sentIn(rig, 6)).toEqual([0, 5, 10, 20, undefined, 7]);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, remaining: 6 });
  },
);

guarantee(
  "A quorum queue sends waiting tasks strictly by priority from 4.3 on, two to one from 4.0 on, and in order before",
  { docs: QUORUM_PRIORITY, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await publish(rig, [0, 5, 1, 9, 3, 20, undefined]);
    const strict = [20, 9, 5, undefined, 3, 1, 0]; // None counts as 4.
    const twoToOne = [5, 9, 0, 20, 1, 3, undefined]; // Those above 4, and the others.
    const inOrder = [0, 5, 1, 9, 3, 20, undefined];
    const sent = rig.isFrom("4.3") ? strict : rig.isFrom("4.0") ? twoToOne : inOrder;
    expect(await sentIn(rig, 7)).toEqual(sent);
    expect(await rig.account()).toEqual({ published: 7, confirmed: 7, remaining: 7 });
  },
);

limit(
  "A task of the highest priority does not overtake those that a consumer has been sent already",
  { docs: AHEAD, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", prioritised(rig));
    const consumer = await rig.consumer("consumer", { prefetch: 2 });
    const ahead = await rig.publish(2, { properties: { priority: 1 } });
    const [urgent = ""] = await rig.publish(1, { properties: { priority: 10 } });
    expect(await consumer.caughtUp()).toEqual(ahead);
    await consumer.done(...ahead);
    expect(await consumer.take(3)).toEqual([...ahead, urgent]);
    await consumer.done(urgent);
    expect(rig.seen.effectsOf("consumer")).toEqual([...ahead, urgent]);
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, completed: 3 });
  },
);
