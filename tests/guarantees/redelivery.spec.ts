import { expect } from "vitest";
import type { Consumer } from "../../harness/scenario/consumer.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const REQUEUE = "https://www.rabbitmq.com/docs/confirms#consumer-nacks-requeue";
const KEEP_ORDER = "https://www.rabbitmq.com/docs/queues#preserving-message-order";
const RECOVER = "https://www.rabbitmq.com/docs/semantics#ordering";
const FLAG = "https://www.rabbitmq.com/docs/reliability#consumer-side";
const POISON = "https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling";
const COUNTED = "https://www.rabbitmq.com/docs/quorum-queues#when-is-delivery-count-incremented";
const UNLIMITED =
  "https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling-configuring-limit";
const REJECT = "https://www.rabbitmq.com/docs/nack#reject-vs-nack";
const RETRY = "https://www.rabbitmq.com/docs/quorum-queues#delayed-retry";
const RETURNED = "https://www.rabbitmq.com/docs/priority#returned-messages";
const FEATURES = "https://www.rabbitmq.com/docs/quorum-queues#feature-matrix";

/** Declares the queue with a delivery limit, and where tasks end that exceed it. */
async function declareLimited(rig: Rig, limit: Record<string, unknown>): Promise<void> {
  await rig.declare("parked", { role: "parking" });
  const toParked = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "parked" };
  await rig.declare("tasks", { arguments: { ...limit, ...toParked } });
}

/** Gives the task back each time that it is delivered, so many times. */
async function giveBack(how: "nack" | "reject", consumer: Consumer, times: number): Promise<void> {
  for (let delivery = 1; delivery <= times; delivery++) {
    const task = (await consumer.take(delivery)).at(-1) ?? "";
    consumer[how](task, { requeue: true });
  }
}

/** A header of each delivery, in order. */
const headers = (consumer: Consumer, name: string) =>
  consumer.taken.map(({ properties }) => properties.headers?.[name]);

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Takes three of six tasks, gives them back as 3, 1, 2, and returns what comes then. */
async function orderOfReturn(rig: Rig): Promise<string[]> {
  const consumer = await rig.consumer("consumer", { prefetch: 3 });
  const { channel } = consumer;
  await rig.publish(6);
  await consumer.take(3);
  await channel.cancel(consumer.tag);
  consumer.nack("task-3", { requeue: true });
  consumer.nack("task-1", { requeue: true });
  consumer.nack("task-2", { requeue: true });
  const again = await rig.consumer("consumer", { prefetch: 0, consumerTag: "again", channel });
  return again.take(6);
}

const RESTORED = ["task-1", "task-2", "task-3", "task-4", "task-5", "task-6"];
const AT_THE_HEAD = ["task-3", "task-1", "task-2", "task-4", "task-5", "task-6"];
const AT_THE_TAIL = ["task-4", "task-5", "task-6", "task-3", "task-1", "task-2"];

guarantee(
  "A task that is given back to a classic queue returns to its place, in whatever order it is done",
  { docs: REQUEUE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    expect(await orderOfReturn(rig)).toEqual(RESTORED);
    expect(rig.seen.redeliveredTo("consumer")).toEqual(["task-1", "task-2", "task-3"]);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, remaining: 6 });
  },
);

guarantee(
  "A task that is given back to a quorum queue with a delivery limit comes next, in the order of giving back",
  { docs: KEEP_ORDER, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-delivery-limit": 5 } });
    expect(await orderOfReturn(rig)).toEqual(AT_THE_HEAD);
    expect(rig.seen.redeliveredTo("consumer")).toEqual(["task-3", "task-1", "task-2"]);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, remaining: 6 });
  },
);

limit(
  "Without a delivery limit, a task that is given back to a quorum queue goes to its end; from 4.3 on it comes next",
  { docs: KEEP_ORDER, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    // From 4.0 on there is a limit unless it is taken away.
    const none = rig.isFrom("4.0") ? { arguments: { "x-delivery-limit": -1 } } : {};
    await rig.declare("tasks", none);
    expect(await orderOfReturn(rig)).toEqual(rig.isFrom("4.3") ? AT_THE_HEAD : AT_THE_TAIL);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, remaining: 6 });
  },
);

limit(
  "A task that is given back keeps its priority in a classic queue; in a quorum queue it comes before any other",
  { docs: RETURNED, fault: "none" },
  async ({ rig }) => {
    const name = rig.queueType === "classic" ? "x-max-priority" : "x-delivery-limit";
    await rig.declare("tasks", { arguments: { [name]: 10 } });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [low = ""] = await rig.publish(1, { properties: { priority: 1 } });
    const [high = ""] = await rig.publish(1, { properties: { priority: 9 } });
    await giveBack("reject", consumer, 1);
    expect(await consumer.take(2)).toEqual([low, rig.queueType === "classic" ? high : low]);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, remaining: 2 });
  },
);

guarantee(
  "A recover gives back all that a channel holds, flagged as redelivered",
  { docs: RECOVER, fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer");
    const tasks = await rig.publish(3);
    await consumer.take(3);
    await consumer.done("task-2");
    await consumer.channel.recover();
    expect(await consumer.take(5)).toEqual([...tasks, "task-1", "task-3"]);
    expect(rig.seen.redeliveredTo("consumer")).toEqual(["task-1", "task-3"]);
    await consumer.done("task-1", "task-3");
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, completed: 3 });
  },
);

limit(
  "A task can be flagged as redelivered that no worker has ever seen",
  { docs: FLAG, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(1);
    const killed = rig.kill("worker-1", { at: "delivered" });
    const tasks = await rig.publish(1);
    await killed;
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
    expect(rig.seen.askedBy("worker-1")).toEqual([]);
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(tasks);
  },
);

limit(
  "A classic queue brings a task back for ever, and does not say how often",
  { docs: FEATURES, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const refusal = await rig.declare("tasks", { arguments: { "x-delivery-limit": 3 } });
    expect(refusal).toMatchObject({ scope: "channel", code: 406 });
    expect(refusal?.text).toContain("invalid arg 'x-delivery-limit' for queue 'tasks'");
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [task = ""] = await rig.publish(1);
    await giveBack("reject", consumer, 100);
    await consumer.take(101);
    expect(
      consumer.taken.every(({ properties }) => Object.keys(properties.headers ?? {}).length === 0),
    ).toBe(true);
    await consumer.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

guarantee(
  "With a delivery limit of three, a quorum queue delivers a rejected task four times, counts them, and parks it",
  { docs: POISON, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await declareLimited(rig, { "x-delivery-limit": 3 });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    await rig.publish(1);
    await giveBack("reject", consumer, 4);
    const parked = await rig.consumer("inspector", { queue: "parked" });
    await parked.take(1);
    expect(headers(consumer, "x-delivery-count")).toEqual([undefined, 1, 2, 3]);
    expect(headers(parked, "x-first-death-reason")).toEqual(["delivery_limit"]);
    expect(headers(parked, "x-first-death-queue")).toEqual(["tasks"]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, parked: 1 });
  },
);

limit(
  "Without a dead-letter exchange, a task beyond its delivery limit is gone without a word",
  { docs: POISON, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-delivery-limit": 1 } });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    await rig.publish(1);
    await giveBack("reject", consumer, 2);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, lost: 1 });
    expect(rig.seen.deliveredTo("consumer")).toEqual(["task-1", "task-1"]);
  },
);

guarantee(
  "From 4.0 on, a quorum queue gives a task up after twenty failures unless told otherwise; before, never",
  { docs: POISON, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await declareLimited(rig, {});
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [task = ""] = await rig.publish(1);
    await giveBack("reject", consumer, 21);
    const isParked = rig.isFrom("4.0");
    if (!isParked) await consumer.take(22).then(() => consumer.done(task));
    const end = isParked ? "parked" : "completed";
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, [end]: 1 });
    const counts = [undefined, ...numbers(1, isParked ? 20 : 21)];
    expect(headers(consumer, "x-delivery-count")).toEqual(counts);
  },
);

limit(
  "A delivery limit of -1 is none from 4.0 on; before, it parks a task that is given back once",
  { docs: UNLIMITED, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await declareLimited(rig, { "x-delivery-limit": -1 });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [task = ""] = await rig.publish(1);
    const isUnlimited = rig.isFrom("4.0");
    await giveBack("reject", consumer, isUnlimited ? 30 : 1);
    if (isUnlimited) await consumer.take(31).then(() => consumer.done(task));
    const end = isUnlimited ? "completed" : "parked";
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, [end]: 1 });
    expect(rig.seen.deliveredTo("consumer")).toHaveLength(isUnlimited ? 31 : 1);
  },
);

limit(
  "From 4.3 on, a nack does not count as a failure: it brings a task back beyond any delivery limit",
  { docs: REJECT, fault: "none", queues: ["quorum"], surprise: 10 },
  async ({ rig }) => {
    await declareLimited(rig, { "x-delivery-limit": 3 });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [task = ""] = await rig.publish(1);
    const isUncounted = rig.isFrom("4.3");
    await giveBack("nack", consumer, isUncounted ? 30 : 4);
    if (isUncounted) await consumer.take(31).then(() => consumer.done(task));
    const end = isUncounted ? "completed" : "parked";
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, [end]: 1 });
    const [name, last] = isUncounted ? ["x-acquired-count", 30] : ["x-delivery-count", 3];
    expect(headers(consumer, name)).toEqual([undefined, ...numbers(1, last)]);
  },
);

guarantee(
  "A channel that closes counts as a failure of every task that it holds, and parks the innocent too",
  { docs: COUNTED, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await declareLimited(rig, { "x-delivery-limit": 1 });
    const tasks = await rig.publish(4);
    const first = await rig.consumer("first", { prefetch: 3 });
    await first.take(3);
    await first.channel.close();
    const second = await rig.consumer("second", { prefetch: 3 });
    await second.take(3);
    expect(headers(second, "x-delivery-count")).toEqual([1, 1, 1]);
    await second.channel.close();
    expect(await rig.fates()).toEqual({ parked: tasks.slice(0, 3), remaining: tasks.slice(3) });
  },
);

for (const type of ["all", "failed"]) {
  guarantee(
    `From 4.3 on, a quorum queue that delays retries of "${type}" lets others go ahead of a task that was rejected`,
    {
      docs: RETRY,
      fault: "none",
      queues: ["quorum"],
      notApplicable: (version) =>
        Number.parseFloat(version) < 4.3 ? "before 4.3 retries can't be delayed" : undefined,
    },
    async ({ rig }) => {
      const delay = { "x-delayed-retry-type": type, "x-delayed-retry-min": 1000 };
      await rig.declare("tasks", { arguments: delay });
      const consumer = await rig.consumer("consumer", { prefetch: 10 });
      const [failed = ""] = await rig.publish(1);
      await giveBack("reject", consumer, 1);
      const ahead = await rig.publish(5);
      await consumer.take(6);
      await consumer.done(...ahead);
      ahead.push(...(await rig.publish(1)));
      expect(await consumer.take(8)).toEqual([failed, ...ahead, failed]);
      expect(headers(consumer, "x-delivery-count").at(-1)).toBe(1);
      await consumer.done(...ahead.slice(5), failed);
      expect(await rig.account()).toEqual({ published: 7, confirmed: 7, completed: 7 });
    },
  );
}

limit(
  "A quorum queue that delays retries of failed tasks, or is too old to, brings a task back at once after a nack",
  { docs: RETRY, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    const delay = { "x-delayed-retry-type": "failed", "x-delayed-retry-min": 60_000 };
    await rig.declare("tasks", { arguments: { ...delay, "x-delivery-limit": 5 } });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [returned = "", behind = ""] = await rig.publish(2);
    await giveBack("nack", consumer, 1);
    expect(await consumer.take(2)).toEqual([returned, returned]);
    await consumer.done(returned);
    await consumer.take(3);
    await consumer.done(behind);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);
