import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const WINDOW = "https://www.rabbitmq.com/docs/confirms#channel-qos-prefetch";
const UNLIMITED = "https://www.rabbitmq.com/docs/confirms#unlimited-prefetch";
const POLLING = "https://www.rabbitmq.com/docs/confirms#prefetch-and-polling-consumers";
const AUTOMATIC = "https://www.rabbitmq.com/docs/confirms#acknowledgement-modes";
const LATER = "https://www.rabbitmq.com/docs/consumer-prefetch#overview";
const INDEPENDENT = "https://www.rabbitmq.com/docs/consumer-prefetch#independent-consumers";
const SHARED = "https://www.rabbitmq.com/docs/consumer-prefetch#sharing-the-limit";

/** What a quorum queue makes of "no limit". */
const CAP = 2000;

guarantee(
  "A consumer holds no more tasks than its prefetch, and each one that it settles makes room for one",
  { docs: WINDOW, fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer", { prefetch: 3 });
    const tasks = await rig.publish(8);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, 3));
    await consumer.done("task-2");
    await consumer.take(4);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, 4));
    await Promise.all(["task-1", "task-3", "task-4"].map((task) => consumer.work(task)));
    consumer.ack("task-4", { upTo: true });
    await consumer.take(7);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, 7));
    expect(await rig.account()).toEqual({
      published: 8,
      confirmed: 8,
      completed: 4,
      remaining: 4,
    });
  },
);

limit(
  "With automatic acks the prefetch means nothing: all is sent at once, and lost with the consumer",
  { docs: AUTOMATIC, fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer", { prefetch: 1, noAck: true });
    const tasks = await rig.publish(20);
    expect(await consumer.take(20)).toEqual(tasks);
    await consumer.work("task-1");
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 1, lost: 19 });
  },
);

limit(
  "A prefetch that is set after a consumer was registered binds only those that come later",
  { docs: LATER, fault: "none" },
  async ({ rig }) => {
    const earlier = await rig.consumer("consumer", { consumerTag: "earlier" });
    const { channel } = earlier;
    await channel.prefetch(2);
    const tasks = await rig.publish(5);
    expect(await earlier.take(5)).toEqual(tasks);
    await channel.cancel(earlier.tag);
    const later = await rig.consumer("consumer", { consumerTag: "later", channel });
    const more = await rig.publish(5);
    await later.take(2);
    expect(await later.caughtUp()).toEqual(more.slice(0, 2));
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, remaining: 10 });
  },
);

limit(
  "A lower prefetch takes nothing back, and the consumers that are there keep the one they had",
  { docs: LATER, fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer", { prefetch: 5 });
    const tasks = await rig.publish(8);
    await consumer.take(5);
    await consumer.channel.prefetch(2);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, 5));
    await consumer.done("task-1");
    await consumer.take(6);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, 6));
    expect(await rig.account()).toEqual({
      published: 8,
      confirmed: 8,
      completed: 1,
      remaining: 7,
    });
  },
);

guarantee(
  "Each consumer of a channel has the prefetch for itself",
  { docs: INDEPENDENT, fault: "none" },
  async ({ rig }) => {
    const one = await rig.consumer("consumer", { prefetch: 2, consumerTag: "one" });
    const { channel } = one;
    const other = await rig.consumer("consumer", { consumerTag: "other", channel });
    await rig.publish(8);
    await Promise.all([one.take(2), other.take(2)]);
    expect(await one.caughtUp()).toEqual(["task-1", "task-3"]);
    expect(await other.caughtUp()).toEqual(["task-2", "task-4"]);
    expect(await rig.account()).toEqual({ published: 8, confirmed: 8, remaining: 8 });
  },
);

limit(
  "A global prefetch is shared by the consumers of a channel; from 4.3 on each has it for itself, and nobody is told",
  { docs: SHARED, fault: "none", queues: ["classic"], surprise: 11 },
  async ({ rig }) => {
    const channel = await rig.channel("consumer");
    await channel.prefetch(3, true);
    const one = await rig.consumer("consumer", { consumerTag: "one", channel });
    const other = await rig.consumer("consumer", { consumerTag: "other", channel });
    await rig.publish(8);
    const [first, second] = rig.isFrom("4.3")
      ? [
          ["task-1", "task-3", "task-5"],
          ["task-2", "task-4", "task-6"],
        ]
      : [["task-1", "task-3"], ["task-2"]];
    await Promise.all([one.take(first.length), other.take(second.length)]);
    expect(await one.caughtUp()).toEqual(first);
    expect(await other.caughtUp()).toEqual(second);
    expect(await rig.account()).toEqual({ published: 8, confirmed: 8, remaining: 8 });
  },
);

limit(
  "A get is not bound by the prefetch, and takes nothing from what consumers may hold",
  { docs: POLLING, fault: "none" },
  async ({ rig }) => {
    const tasks = await rig.publish(5);
    const channel = await rig.channel("consumer");
    await channel.prefetch(1);
    await channel.get("tasks");
    await channel.get("tasks");
    await channel.get("tasks");
    expect(rig.seen.deliveredTo("consumer")).toEqual(tasks.slice(0, 3));
    const consumer = await rig.consumer("consumer", { channel });
    await consumer.take(1);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(3, 4));
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, remaining: 5 });
  },
);

guarantee(
  "Without a prefetch, a consumer of a quorum queue holds 2000 tasks at most, one of a classic queue all",
  { docs: UNLIMITED, fault: "none" },
  async ({ rig }) => {
    const tasks = await rig.publish(CAP + 50);
    const consumer = await rig.consumer("consumer", { prefetch: 0 });
    const held = rig.queueType === "quorum" ? CAP : CAP + 50;
    await consumer.take(held);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, held));
    expect(await rig.account()).toEqual({
      published: CAP + 50,
      confirmed: CAP + 50,
      remaining: CAP + 50,
    });
  },
);

limit(
  "A consumer that asks a quorum queue for a prefetch above 2000 is granted it",
  { docs: UNLIMITED, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    const tasks = await rig.publish(CAP + 50);
    const consumer = await rig.consumer("consumer", { prefetch: CAP + 40 });
    await consumer.take(CAP + 40);
    expect(await consumer.caughtUp()).toEqual(tasks.slice(0, CAP + 40));
    expect(await rig.account()).toEqual({
      published: CAP + 50,
      confirmed: CAP + 50,
      remaining: CAP + 50,
    });
  },
);
