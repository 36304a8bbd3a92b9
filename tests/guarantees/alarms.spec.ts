import { once } from "node:events";
import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const ALARMS = "https://www.rabbitmq.com/docs/alarms#overview";
const ONE_OR_OTHER = "https://www.rabbitmq.com/docs/alarms#effects-on-clusters";
const SAFETY = "https://www.rabbitmq.com/docs/alarms#data-safety";
const NOTIFICATIONS = "https://www.rabbitmq.com/docs/connection-blocked#notifications";

const BODY = Buffer.from("{}");

guarantee(
  "While the broker is low on memory no task is taken or confirmed; after that all are, and none is lost",
  { docs: SAFETY, fault: "memory-alarm" },
  async ({ rig }) => {
    const [before = ""] = await rig.publish(1);
    const alarm = await rig.broker.memoryAlarm();
    const publishing = rig.publish(9);
    await rig.until("all to be sent", () => rig.seen.publishedBy("publisher").length === 10);
    const worker = await rig.consumer("worker");
    await worker.take(1);
    expect(await worker.caughtUp()).toEqual([before]);
    expect(rig.seen.confirmedTo("publisher")).toEqual([before]);
    await alarm.heal();
    await publishing;
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, remaining: 10 });
  },
);

guarantee(
  "A connection is told that the broker is low on memory when it publishes, and when that is over",
  { docs: NOTIFICATIONS, fault: "memory-alarm", queues: ["classic"] },
  async ({ rig }) => {
    await rig.publish(1);
    const connection = await rig.connection("producer");
    const channel = await rig.channel("producer");
    const blocked = once(connection, "blocked");
    const unblocked = once(connection, "unblocked");
    const alarm = await rig.broker.memoryAlarm();
    channel.publish("", "tasks", BODY, { messageId: "task-2" });
    expect(await blocked).toEqual(["low on memory"]);
    await alarm.heal();
    expect(await unblocked).toEqual([]);
    expect(await rig.fates()).toEqual({ remaining: ["task-1"], recovered: ["task-2"] });
  },
);

limit(
  "A connection that has published before is not blocked until it publishes again",
  { docs: "observed", fault: "memory-alarm", queues: ["classic"] },
  async ({ rig }) => {
    const connection = await rig.connection("producer");
    const worker = await rig.consumer("producer", { prefetch: 1 });
    worker.channel.publish("", "tasks", BODY, { messageId: "task-1" });
    await worker.take(1);
    const told: string[] = [];
    connection.on("blocked", (reason) => told.push(reason));
    await rig.broker.memoryAlarm();
    await worker.caughtUp();
    expect(told).toEqual([]);
    await worker.done("task-1");
    expect(await rig.account()).toEqual({ published: 1, unknown: 1, recovered: 1 });
  },
);

guarantee(
  "While the broker is low on memory, a connection that only consumes goes on with what is there",
  { docs: ALARMS, fault: "memory-alarm" },
  async ({ rig }) => {
    const tasks = await rig.publish(3);
    const worker = await rig.consumer("worker", { prefetch: 1 });
    await rig.broker.memoryAlarm();
    await worker.take(1);
    await worker.done("task-1");
    await worker.take(2);
    await worker.done("task-2");
    expect(await worker.take(3)).toEqual(tasks);
    await worker.done("task-3");
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, completed: 3 });
  },
);

guarantee(
  "While the broker is low on memory, it takes new connections, declarations and consumers",
  { docs: "observed", fault: "memory-alarm", queues: ["classic"] },
  async ({ rig }) => {
    const [task = ""] = await rig.publish(1);
    await rig.broker.memoryAlarm();
    expect(await rig.declare("another")).toBeUndefined();
    const worker = await rig.consumer("worker");
    await worker.take(1);
    await worker.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

guarantee(
  "While a worker's publishing connection is blocked, acks on another one of its own are read",
  { docs: ONE_OR_OTHER, fault: "memory-alarm" },
  async ({ rig }) => {
    const connection = await rig.connection("publishing");
    const worker = await rig.consumer("consuming", { prefetch: 1 });
    await rig.publish(2);
    await worker.take(1);
    await rig.broker.memoryAlarm();
    const blocked = once(connection, "blocked");
    (await rig.channel("publishing")).publish("", "tasks", BODY, { messageId: "task-3" });
    await blocked;
    await worker.done("task-1");
    expect(await worker.take(2)).toEqual(["task-1", "task-2"]);
    await worker.done("task-2");
    expect(await rig.fates()).toEqual({ completed: ["task-1", "task-2"], recovered: ["task-3"] });
  },
);

limit(
  "While a connection is blocked its acks are not read, and so it is sent no more tasks",
  { docs: ONE_OR_OTHER, fault: "memory-alarm", surprise: 13 },
  async ({ rig }) => {
    const connection = await rig.connection("worker");
    const worker = await rig.consumer("worker", { prefetch: 1 });
    await rig.publish(2);
    await worker.take(1);
    const alarm = await rig.broker.memoryAlarm();
    const blocked = once(connection, "blocked");
    worker.channel.publish("", "tasks", BODY, { messageId: "task-3" });
    await blocked;
    await worker.done("task-1");
    const other = await rig.consumer("other", { prefetch: 1 });
    expect(await other.take(1)).toEqual(["task-2"]);
    expect(rig.seen.deliveredTo("worker")).toEqual(["task-1"]);
    await alarm.heal();
    expect(await worker.take(2)).toEqual(["task-1", "task-3"]);
    await Promise.all([worker.done("task-3"), other.done("task-2")]);
    expect(await rig.account()).toEqual({
      published: 3,
      confirmed: 2,
      unknown: 1,
      completed: 2,
      recovered: 1,
    });
  },
);

limit(
  "In amqplib, a connection that is closed while it is blocked loses what it has not sent yet",
  { docs: "observed", fault: "memory-alarm", queues: ["classic"] },
  async ({ rig }) => {
    await rig.publish(1);
    const connection = await rig.connection("producer");
    const channel = await rig.channel("producer");
    const alarm = await rig.broker.memoryAlarm();
    const blocked = once(connection, "blocked");
    channel.publish("", "tasks", BODY, { messageId: "task-2" });
    await blocked;
    channel.publish("", "tasks", BODY, { messageId: "task-3" });
    await connection.close();
    await alarm.heal();
    expect(rig.seen.publishedBy("producer")).toEqual(["task-2"]);
    expect(await rig.fates()).toEqual({ remaining: ["task-1"], recovered: ["task-2"] });
  },
);
