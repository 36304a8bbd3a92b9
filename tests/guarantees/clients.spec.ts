import { IllegalOperationError } from "amqplib";
import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const CHANNEL_ERRORS = "https://www.rabbitmq.com/docs/channels#error-handling";
const CANCEL = "https://www.rabbitmq.com/docs/consumer-cancel#overview";
const CHANNEL_MAX = "https://www.rabbitmq.com/docs/channels#channel-max";

const TASKS = ["task-1", "task-2", "task-3"];
const BODY = Buffer.from("{}");

guarantee(
  "In amqplib, what was published arrives when the channel is closed, and then its connection",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks");
    const connection = await rig.connection("producer");
    const channel = await connection.createChannel();
    TASKS.map((messageId) => channel.publish("", "tasks", BODY, { messageId }));
    await channel.close();
    await connection.close();
    expect(await rig.account()).toEqual({ published: 3, unknown: 3, recovered: 3 });
  },
);

limit(
  "In amqplib, all that was published is lost when its connection is closed at once, and no error tells of it",
  { docs: "observed", fault: "none", surprise: 3 },
  async ({ rig }) => {
    await rig.declare("tasks");
    const connection = await rig.connection("producer");
    const channel = await connection.createChannel();
    TASKS.map((messageId) => channel.publish("", "tasks", BODY, { messageId }));
    await expect(connection.close()).resolves.toBeUndefined();
    expect(await rig.account()).toEqual({ published: 3, unknown: 3 });
  },
);

limit(
  "A producer that ends its program right after the last publish has published nothing",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.publish(1);
    await rig.producer("producer", { program: "exits.ts", args: [100, "--prefix", "gone"] });
    await rig.until("the program to end", () => rig.seen.endedOf("producer").length === 1);
    expect(rig.seen.publishedBy("producer")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, remaining: 1 });
  },
);

limit(
  "A worker that ends by an error nobody catches has not sent the ack of the task before it",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { program: "lets-errors-fly.ts" });
    const tasks = await rig.publish(2);
    rig.open();
    await rig.until("the program to end", () => rig.seen.endedOf("worker-1").length === 1);
    expect(rig.seen.ackedBy("worker-1")).toEqual([]);
    await rig.worker("worker-2");
    expect(await rig.fates()).toEqual({ duplicated: ["task-1"], completed: ["task-2"] });
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(tasks);
  },
);

guarantee(
  "In amqplib, a publish that answers false is sent and stored like any other",
  { docs: "observed", fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("tasks");
    const channel = await (await rig.connection("producer")).createConfirmChannel();
    const tasks = Array.from({ length: 2050 }, (_, index) => `task-${index + 1}`);
    const answers = tasks.map((messageId) => channel.publish("", "tasks", BODY, { messageId }));
    expect(answers.indexOf(false)).toBe(2046);
    await channel.waitForConfirms();
    expect(await rig.account()).toEqual({ published: 2050, confirmed: 2050, remaining: 2050 });
  },
);

limit(
  "In amqplib, a channel error that nobody listens for takes the whole connection with it",
  { docs: CHANNEL_ERRORS, fault: "none", surprise: 12 },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 1 });
    await rig.publish(3);
    await worker.take(1);
    const careless = await (await rig.connection("worker")).createChannel();
    await expect(careless.checkQueue("nowhere")).rejects.toThrow("404");
    await rig.until("the connection to end", () => rig.seen.endedOf("worker").length === 1);
    expect(rig.seen.closedByBroker("worker")).toMatchObject([{ scope: "channel", code: 404 }]);
    expect(() => worker.ack("task-1")).toThrow(IllegalOperationError);
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, remaining: 3 });
  },
);

limit(
  "In amqplib, a handler that throws leaves a worker that is connected, and consumes nothing any more",
  { docs: "observed", fault: "none", surprise: 14 },
  async ({ rig }) => {
    await rig.declare("tasks");
    const channel = await rig.channel("worker");
    await channel.consume("tasks", () => {
      throw new Error("This task can't be done");
    });
    const [first] = await rig.publish(1);
    await rig.until("the channel to close", () => rig.seen.closedByClient("worker").length === 1);
    expect(rig.seen.closedByClient("worker")).toEqual([
      { scope: "channel", code: 541, text: "Error while processing message" },
    ]);
    await rig.publish(2);
    const other = await rig.consumer("other");
    expect(await other.take(3)).toEqual(TASKS);
    expect(rig.seen.deliveredTo("worker")).toEqual([first]);
    expect(rig.seen.endedOf("worker")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, remaining: 3 });
  },
);

guarantee(
  "A consumer is told by a null when its queue is deleted, and its channel stays open",
  { docs: CANCEL, fault: "none" },
  async ({ rig }) => {
    await rig.declare("doomed");
    await rig.publish(1);
    const consumer = await rig.consumer("worker", { queue: "doomed" });
    await (await rig.channel("operator")).deleteQueue("doomed");
    await consumer.cancelled();
    const next = await rig.consumer("worker", { channel: consumer.channel, consumerTag: "next" });
    await next.take(1);
    await next.done("task-1");
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "In amqplib, a handler that takes that null for a task ends the whole connection",
  { docs: CANCEL, fault: "none" },
  async ({ rig }) => {
    await rig.declare("doomed");
    const other = await rig.consumer("worker", { prefetch: 1 });
    await rig.publish(1);
    await other.take(1);
    const channel = await rig.channel("worker");
    await channel.consume("doomed", (message) => {
      channel.ack(message as Exclude<typeof message, null>);
    });
    await (await rig.channel("operator")).deleteQueue("doomed");
    await rig.until("the connection to end", () => rig.seen.endedOf("worker").length === 1);
    expect(() => other.ack("task-1")).toThrow(IllegalOperationError);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, remaining: 1 });
  },
);

guarantee(
  "In amqplib, a publish or an ack on a channel that is closed throws at once",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker");
    const [task = ""] = await rig.publish(1);
    await worker.take(1);
    await worker.channel.close();
    expect(() => worker.ack(task)).toThrow(IllegalOperationError);
    expect(() => worker.channel.publish("", "tasks", BODY)).toThrow(IllegalOperationError);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, remaining: 1 });
  },
);

guarantee(
  "In amqplib, a body that is no buffer is refused at once, and harms nothing",
  { docs: "observed", fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("tasks");
    const channel = await rig.channel("producer");
    const text = "{}" as unknown as Buffer;
    expect(() => channel.publish("", "tasks", text)).toThrow(TypeError);
    channel.publish("", "tasks", BODY, { messageId: "task-1" });
    await channel.close();
    expect(await rig.account()).toEqual({ published: 1, unknown: 1, recovered: 1 });
  },
);

limit(
  "In amqplib, a task is not persistent unless it is said to be",
  { docs: "observed", fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const worker = await rig.consumer("worker");
    const channel = await rig.channel("producer");
    channel.publish("", "tasks", BODY, { messageId: "task-1" });
    channel.publish("", "tasks", BODY, { messageId: "task-2", persistent: true });
    await worker.take(2);
    const modes = worker.taken.map(({ properties }) => properties.deliveryMode);
    expect(modes).toEqual([undefined, 2]);
    expect(await rig.account()).toEqual({ published: 2, unknown: 2, recovered: 2 });
  },
);

guarantee(
  "With amqplib's recovery, a worker that subscribes in its setup goes on after its connection is lost",
  { docs: "observed", fault: "connection-reset" },
  async ({ rig }) => {
    const before = await rig.consumer("before");
    await rig.publish(1);
    await before.take(1);
    await before.done("task-1");
    await before.channel.close();
    await rig.workers(1, { program: "recovers.ts", args: ["--setup"] });
    await rig.network.reset("worker-1");
    await rig.until("it to be back", () => rig.seen.consumingOn("worker-1").length === 2);
    await rig.publish(2);
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, completed: 3 });
    expect(rig.seen.effectsOf("worker-1")).toEqual(["task-2", "task-3"]);
  },
);

limit(
  "With amqplib's recovery alone, a worker is connected again, and consumes nothing any more",
  { docs: "observed", fault: "connection-reset" },
  async ({ rig }) => {
    await rig.declare("another");
    await rig.publish(1, { queue: "another" });
    await rig.workers(1, { program: "recovers.ts" });
    await rig.network.reset("worker-1");
    await rig.until("it to be back", () => rig.seen.openedOf("worker-1").length === 2);
    await rig.publish(2);
    expect(await rig.fates()).toEqual({ remaining: TASKS });
    expect(rig.seen.consumingOn("worker-1")).toHaveLength(1);
  },
);

limit(
  "A connection has room for 2047 channels; amqplib refuses the next one without asking the broker",
  { docs: CHANNEL_MAX, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.publish(1);
    const connection = await rig.connection("client");
    await Promise.all(Array.from({ length: 2047 }, () => connection.createChannel()));
    await expect(connection.createChannel()).rejects.toThrow("No channels left to allocate");
    expect(rig.seen.closedByBroker("client")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, remaining: 1 });
  },
);
