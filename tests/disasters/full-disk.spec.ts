import { once } from "node:events";
import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const EFFECT = "https://www.rabbitmq.com/docs/disk-alarms";
const ALARMS = "https://www.rabbitmq.com/docs/alarms#overview";
const ONE_OR_OTHER = "https://www.rabbitmq.com/docs/alarms#effects-on-clusters";

const BODY = Buffer.from("{}");

guarantee(
  "While the broker is low on disk no task is taken or confirmed, not even a transient one; after that all are, and none is lost",
  { docs: EFFECT, fault: "disk-alarm" },
  async ({ rig }) => {
    const [before = ""] = await rig.publish(1);
    const alarm = await rig.broker.diskAlarm();
    const publishing = [rig.publish(4), rig.publish(5, { persistent: false })];
    await rig.until("all to be sent", () => rig.seen.publishedBy("publisher").length === 10);
    const worker = await rig.consumer("worker");
    await worker.take(1);
    expect(await worker.caughtUp()).toEqual([before]);
    expect(rig.seen.confirmedTo("publisher")).toEqual([before]);
    await alarm.heal();
    await Promise.all(publishing);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, remaining: 10 });
  },
);

guarantee(
  "While the broker is low on disk, a connection that only consumes goes on, and its acks are read",
  { docs: ALARMS, fault: "disk-alarm" },
  async ({ rig }) => {
    const connection = await rig.connection("publishing");
    const worker = await rig.consumer("consuming", { prefetch: 1 });
    await rig.publish(2);
    await worker.take(1);
    await rig.broker.diskAlarm();
    const blocked = once(connection, "blocked");
    (await rig.channel("publishing")).publish("", "tasks", BODY, { messageId: "task-3" });
    expect(await blocked).toEqual(["low on disk"]);
    await worker.done("task-1");
    await worker.take(2);
    await worker.done("task-2");
    expect(await rig.fates()).toEqual({ completed: ["task-1", "task-2"], recovered: ["task-3"] });
  },
);

limit(
  "While the broker is low on disk, a worker that has published on its own connection is sent no more tasks",
  { docs: ONE_OR_OTHER, fault: "disk-alarm", queues: ["classic"] },
  async ({ rig }) => {
    const connection = await rig.connection("worker");
    const worker = await rig.consumer("worker", { prefetch: 1 });
    await rig.publish(2);
    await worker.take(1);
    await rig.broker.diskAlarm();
    const blocked = once(connection, "blocked");
    worker.channel.publish("", "tasks", BODY, { messageId: "task-3" });
    await blocked;
    await worker.done("task-1");
    const other = await rig.consumer("other", { prefetch: 1 });
    expect(await other.take(1)).toEqual(["task-2"]);
    expect(rig.seen.deliveredTo("worker")).toEqual(["task-1"]);
    await other.done("task-2");
    expect(await rig.fates()).toEqual({ completed: ["task-1", "task-2"], recovered: ["task-3"] });
  },
);
