import { expect } from "vitest";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const CANCEL = "https://www.rabbitmq.com/docs/consumer-cancel#overview";
const CONFIRMS = "https://www.rabbitmq.com/docs/confirms#publisher-confirms";
const REQUEUE = "https://www.rabbitmq.com/docs/confirms#automatic-requeueing";

const BODY = Buffer.from("{}");

/** What the broker says to a client whose connection its operator closes. */
const FORCED = {
  scope: "connection",
  code: 320,
  text: "CONNECTION_FORCED - closed by the operator",
};

limit(
  "When the operator closes a worker's connection, its task in hand goes to another and is done twice",
  { docs: REQUEUE, fault: "connection-closure" },
  async ({ rig }) => {
    await rig.workers(2);
    const tasks = await rig.publish(4);
    await rig.broker.closeConnections("worker-1", { at: "mid-task" });
    expect(rig.seen.closedByBroker("worker-1")).toEqual([FORCED]);
    const [inHand] = rig.seen.deliveredTo("worker-1");
    const { completed, duplicated } = await rig.fates();
    expect(duplicated).toEqual([inHand]);
    expect(completed).toEqual(tasks.filter((task) => task !== inHand));
    expect(rig.seen.closedByBroker("worker-2")).toEqual([]);
  },
);

guarantee(
  "In amqplib, a connection that the operator closes ends with the reason, and without an error",
  { docs: "observed", fault: "connection-closure", queues: ["classic"] },
  async ({ rig }) => {
    const tasks = await rig.publish(1);
    const connection = await rig.connection("client");
    const told: string[] = [];
    connection.on("error", () => told.push("an error"));
    connection.on("close", ({ message }: Error) => told.push(message));
    await rig.broker.closeConnections("client");
    expect(told).toEqual([expect.stringContaining(FORCED.text)]);
    expect(rig.seen.closedByBroker("client")).toEqual([FORCED]);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

guarantee(
  "What is on its way to the broker when the operator closes its connection is not stored, and its producer can't know",
  { docs: CONFIRMS, fault: "connection-closure", queues: ["classic"] },
  async ({ rig }) => {
    const before = await rig.publish(1);
    const channel = await (await rig.connection("producer")).createConfirmChannel();
    const closed = rig.broker.closeConnections("producer", { at: "publish-held" });
    for (const messageId of ["task-2", "task-3"]) {
      channel.publish("", "tasks", BODY, { messageId, persistent: true });
    }
    await closed;
    expect(rig.seen.closedByBroker("producer")).toEqual([FORCED]);
    expect(await rig.fates()).toEqual({ remaining: before });
    expect(await rig.account()).toEqual({
      published: 3,
      confirmed: 1,
      unknown: 2,
      remaining: 1,
    });
  },
);

limit(
  "The task in hand of a queue that the operator deletes can be done and acked; the others are lost",
  { docs: "observed", fault: "queue-deletion" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 1 });
    await rig.publish(3);
    await worker.take(1);
    await rig.broker.deleteQueue("tasks");
    await worker.cancelled();
    await worker.done("task-1");
    await worker.channel.close();
    expect(rig.seen.closedByBroker("worker")).toEqual([]);
    expect(await rig.fates()).toEqual({ completed: ["task-1"], lost: ["task-2", "task-3"] });
  },
);

guarantee(
  "A worker that subscribes again after the broker's cancel goes on with a queue that is declared again",
  { docs: CANCEL, fault: "queue-deletion" },
  async ({ rig }) => {
    await rig.workers(1);
    rig.open();
    await rig.publish(1);
    await rig.until("it to be done", () => rig.seen.ackedBy("worker-1").length === 1);
    await rig.broker.deleteQueue("tasks");
    await cancelled(rig, "worker-1");
    await rig.publish(1);
    await rig.declare("tasks");
    await rig.publish(2);
    expect(rig.seen.answersTo("task-2")).toEqual(["returned: 312 NO_ROUTE", "confirmed"]);
    expect(await rig.fates()).toEqual({ completed: ["task-1", "task-3", "task-4"] });
  },
);

limit(
  "A worker that takes no notice of the broker's cancel stays idle though its queue is declared again",
  { docs: CANCEL, fault: "queue-deletion", queues: ["classic"] },
  async ({ rig }) => {
    await rig.workers(1, { program: "recovers.ts", args: ["--setup"] });
    rig.open();
    await rig.publish(1);
    await rig.until("it to be done", () => rig.seen.ackedBy("worker-1").length === 1);
    await rig.broker.deleteQueue("tasks");
    await cancelled(rig, "worker-1");
    await rig.declare("tasks");
    await rig.publish(2);
    expect(await rig.fates()).toEqual({ completed: ["task-1"], remaining: ["task-2", "task-3"] });
    expect(rig.seen.consumingOn("worker-1")).toHaveLength(1);
  },
);

/** Waits until the broker has cancelled a worker's consumer. */
function cancelled(rig: Rig, worker: string): Promise<void> {
  return rig.until(`${worker} to be cancelled`, () =>
    rig.history.events.some(
      (event) =>
        event.type === "consumer-cancelled" && event.subject === worker && event.by === "broker",
    ),
  );
}
