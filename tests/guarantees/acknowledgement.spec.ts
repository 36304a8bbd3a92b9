import { expect } from "vitest";
import type { Consumer } from "../../harness/scenario/consumer.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const REQUEUE = "https://www.rabbitmq.com/docs/confirms#automatic-requeueing";
const ACKS = "https://www.rabbitmq.com/docs/confirms#acknowledgement-modes";
const DOUBLE_ACK = "https://www.rabbitmq.com/docs/confirms#consumer-acks-double-acking";
const TAGS = "https://www.rabbitmq.com/docs/confirms#consumer-acks-delivery-tags";
const MULTIPLE = "https://www.rabbitmq.com/docs/confirms#consumer-acks-multiple-parameter";
const NACK = "https://www.rabbitmq.com/docs/confirms#consumer-nacks-requeue";
const CANCEL = "https://www.rabbitmq.com/docs/consumers#unsubscribing";
const TIMEOUT = "https://www.rabbitmq.com/docs/quorum-queues#consumer-timeout";
const NO_TIMEOUT = "https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout";

const unknownTag = (tag: number) => [
  { scope: "channel", code: 406, text: `PRECONDITION_FAILED - unknown delivery tag ${tag}` },
];

/** A classic queue writes acks down when it has been idle for a while: this one never is. */
async function keepBusy(consumer: Consumer): Promise<void> {
  try {
    for (;;) await consumer.caughtUp();
  } catch {} // The broker has gone.
}

const before43 = (version: string) =>
  Number.parseFloat(version) < 4.3 ? "before 4.3 the timeout is one for the whole node" : undefined;

guarantee(
  "A task is redelivered to another worker when its worker is killed before the ack",
  { docs: REQUEUE, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(100);
    await rig.kill("worker-1", { at: "mid-task" });
    expect(await rig.account()).toEqual({ published: 100, confirmed: 100, completed: 100 });
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(rig.seen.deliveredTo("worker-1"));
  },
);

guarantee(
  "A task that was on its way to a worker is redelivered when the worker is killed",
  { docs: REQUEUE, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(2);
    const killed = rig.kill("worker-1", { at: "delivered" });
    await rig.publish(100);
    await killed;
    expect(await rig.account()).toEqual({ published: 100, confirmed: 100, completed: 100 });
  },
);

limit(
  "A task is done twice when its worker is killed after the work and before the ack arrives",
  { docs: REQUEUE, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(100);
    await rig.kill("worker-1", { at: "ack-held" });
    expect(await rig.account()).toEqual({
      published: 100,
      confirmed: 100,
      completed: 99,
      duplicated: 1,
    });
    expect((await rig.fates()).duplicated).toEqual(rig.seen.effectsOf("worker-1"));
  },
);

guarantee(
  "A task is not delivered again once the broker has processed its ack",
  { docs: REQUEUE, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(100);
    await rig.kill("worker-1", { at: "after-ack" });
    expect(await rig.account()).toEqual({ published: 100, confirmed: 100, completed: 100 });
    const [acked] = rig.seen.effectsOf("worker-1");
    expect(rig.seen.deliveredTo("worker-2")).not.toContain(acked);
  },
);

guarantee(
  "Returned tasks come first, flagged as redelivered, and the rest keep their order",
  { docs: REQUEUE, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(1, { prefetch: 3 });
    const tasks = await rig.publish(6);
    await rig.until("three to be taken", () => rig.seen.deliveredTo("worker-1").length === 3);
    await rig.kill("worker-1", { at: "mid-task" });
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, completed: 6 });
    expect(rig.seen.deliveredTo("worker-2")).toEqual(tasks);
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(tasks.slice(0, 3));
  },
);

guarantee(
  "A task returns to its queue when its channel is closed before the ack",
  { docs: REQUEUE, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { program: "closes-channel.ts" });
    const [first, ...rest] = await rig.publish(10);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
    expect(rig.seen.deliveredTo("worker-1")).toEqual([first, first, ...rest]);
    expect(rig.seen.redeliveredTo("worker-1")).toEqual([first]);
  },
);

limit(
  "A worker that loses its connection mid-task can't ack, and the task is done twice",
  { docs: REQUEUE, fault: "connection-reset" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(100);
    await rig.network.reset("worker-1", { at: "mid-task" });
    expect(await rig.account()).toEqual({
      published: 100,
      confirmed: 100,
      completed: 99,
      duplicated: 1,
    });
  },
);

guarantee(
  "Tasks that a worker never acks stay with it as long as it lives",
  { docs: ACKS, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { program: "never-acks.ts", prefetch: 10 });
    const tasks = await rig.publish(10);
    await rig.until("all to be taken", () => rig.seen.deliveredTo("worker-1").length === 10);
    await rig.worker("worker-2");
    await rig.settle();
    expect(rig.seen.effectsOf("worker-1")).toEqual(tasks);
    expect(rig.seen.unackedBy("worker-1")).toEqual(tasks);
    expect(rig.seen.deliveredTo("worker-2")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, remaining: 10 });
  },
);

limit(
  "Tasks that a worker never acked are all done again when it dies",
  { docs: ACKS, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(1, { program: "never-acks.ts", prefetch: 10 });
    const tasks = await rig.publish(10);
    rig.open();
    await rig.until("the work to be done", () => rig.seen.effectsOf("worker-1").length === 10);
    await rig.kill("worker-1", { at: "now" });
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, duplicated: 10 });
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(tasks);
  },
);

limit(
  "With automatic acks, every task that the killed worker had been sent and had not done is lost",
  { docs: ACKS, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(1, { program: "automatic-acks.ts" });
    const tasks = await rig.publish(20);
    await rig.until("all to be sent", () => rig.seen.deliveredTo("worker-1").length === 20);
    await rig.kill("worker-1", { at: "mid-task", nth: 3 });
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 2, lost: 18 });
    expect((await rig.fates()).lost).toEqual(tasks.slice(2));
  },
);

guarantee(
  "A second ack of the same task closes the channel, and what it still held goes back",
  { docs: DOUBLE_ACK, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(1, { program: "acks-twice.ts", prefetch: 2 });
    rig.hold("task-2");
    await rig.publish(2);
    rig.open();
    await rig.until("the channel to close", () => rig.seen.closedByBroker("worker-1").length === 1);
    expect(rig.seen.closedByBroker("worker-1")).toEqual([
      { scope: "channel", code: 406, text: "PRECONDITION_FAILED - unknown delivery tag 1" },
    ]);
    await rig.until("the task to return", () => rig.seen.redeliveredTo("worker-1").length === 1);
    await rig.kill("worker-1", { at: "now" });
    rig.release("task-2");
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(["task-2"]);
  },
);

guarantee(
  "An ack of several settles every task up to and including the named one, and none after it",
  { docs: MULTIPLE, fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 5 });
    const tasks = await rig.publish(5);
    await worker.take(5);
    await Promise.all(tasks.slice(0, 3).map((task) => worker.work(task)));
    worker.ack("task-3", { upTo: true });
    expect(await rig.account()).toEqual({
      published: 5,
      confirmed: 5,
      completed: 3,
      remaining: 2,
    });
    expect(await rig.fates()).toEqual({ completed: tasks.slice(0, 3), remaining: tasks.slice(3) });
  },
);

limit(
  "An ack of several reaches no task of another channel: each counts its tags for itself",
  { docs: MULTIPLE, fault: "none" },
  async ({ rig }) => {
    const one = await rig.consumer("worker", { prefetch: 1, consumerTag: "one" });
    const other = await rig.consumer("worker", { prefetch: 1, consumerTag: "other" });
    const [kept = "", acked = ""] = await rig.publish(2);
    await Promise.all([one.take(1), other.take(1)]);
    expect(one.message(kept).fields.deliveryTag).toBe(1);
    expect(other.message(acked).fields.deliveryTag).toBe(1);
    await other.work(acked);
    other.ack(acked, { upTo: true });
    expect(await rig.fates()).toEqual({ completed: [acked], remaining: [kept] });
  },
);

guarantee(
  "An ack on another channel closes that channel, and the task stays with the one that has it",
  { docs: TAGS, fault: "none" },
  async ({ rig }) => {
    const holder = await rig.consumer("worker", { prefetch: 1 });
    const other = await rig.channel("worker");
    const [task = ""] = await rig.publish(1);
    await holder.take(1);
    other.ack(holder.message(task));
    await rig.until("the channel to close", () => rig.seen.closedByBroker("worker").length === 1);
    expect(rig.seen.closedByBroker("worker")).toEqual(unknownTag(1));
    await holder.done(task);
    expect(rig.seen.deliveredTo("worker")).toEqual([task]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

guarantee(
  "A reject of a tag that was never delivered closes the channel, and what it holds goes back",
  { docs: DOUBLE_ACK, fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker");
    const [task = ""] = await rig.publish(1);
    await worker.take(1);
    const { fields, ...message } = worker.message(task);
    worker.channel.reject({ ...message, fields: { ...fields, deliveryTag: 99 } }, false);
    await rig.until("the channel to close", () => rig.seen.closedByBroker("worker").length === 1);
    expect(rig.seen.closedByBroker("worker")).toEqual(unknownTag(99));
    const next = await rig.consumer("next");
    await next.take(1);
    await next.done(task);
    expect(rig.seen.redeliveredTo("next")).toEqual([task]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "To ack everything where there is nothing to ack is no mistake",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker");
    worker.channel.ackAll();
    const [task = ""] = await rig.publish(1);
    await worker.take(1);
    await worker.work(task);
    worker.channel.ackAll();
    worker.channel.ackAll();
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
    expect(rig.seen.closedByBroker("worker")).toEqual([]);
  },
);

guarantee(
  "A consumer that is cancelled keeps what it holds, and can still ack it",
  { docs: CANCEL, fault: "none" },
  async ({ rig }) => {
    const leaving = await rig.consumer("leaving", { prefetch: 3 });
    const tasks = await rig.publish(5);
    await leaving.take(3);
    await leaving.channel.cancel(leaving.tag);
    const staying = await rig.consumer("staying");
    expect(await staying.take(2)).toEqual(tasks.slice(3));
    await leaving.done(...tasks.slice(0, 3));
    await staying.done(...tasks.slice(3));
    expect(rig.seen.redeliveredTo("staying")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);

limit(
  "What a cancelled consumer holds goes back only when its channel closes",
  { docs: CANCEL, fault: "none" },
  async ({ rig }) => {
    const leaving = await rig.consumer("leaving", { prefetch: 3 });
    const staying = await rig.consumer("staying", { prefetch: 10, priority: -1 });
    const tasks = await rig.publish(5);
    await Promise.all([leaving.take(3), staying.take(2)]);
    await leaving.channel.cancel(leaving.tag);
    expect(await staying.caughtUp()).toEqual(tasks.slice(3));
    await leaving.channel.close();
    expect(await staying.take(5)).toEqual([...tasks.slice(3), ...tasks.slice(0, 3)]);
    expect(rig.seen.redeliveredTo("staying")).toEqual(tasks.slice(0, 3));
    await staying.done(...tasks);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);

guarantee(
  "A nack of several gives back every task up to and including the named one, and none after it",
  { docs: NACK, fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 4 });
    const tasks = await rig.publish(4);
    await worker.take(4);
    await worker.channel.cancel(worker.tag);
    worker.nack("task-3", { upTo: true, requeue: true });
    const next = await rig.consumer("next");
    expect(await next.take(3)).toEqual(tasks.slice(0, 3));
    await next.done(...tasks.slice(0, 3));
    await worker.done("task-4");
    expect(rig.seen.redeliveredTo("next")).toEqual(tasks.slice(0, 3));
    expect(await rig.account()).toEqual({ published: 4, confirmed: 4, completed: 4 });
  },
);

guarantee(
  "In amqplib, a nack without further words gives the task back",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker");
    const [task = ""] = await rig.publish(1);
    await worker.take(1);
    worker.channel.nack(worker.message(task));
    expect(await worker.take(2)).toEqual([task, task]);
    expect(rig.seen.redeliveredTo("worker")).toEqual([task]);
    await worker.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "Without requeue, and without a dead-letter exchange, a nack of several deletes every one of them",
  { docs: NACK, fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 5 });
    const tasks = await rig.publish(5);
    await worker.take(5);
    worker.nack("task-3", { upTo: true, requeue: false });
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, remaining: 2, lost: 3 });
    expect(await rig.fates()).toEqual({ remaining: tasks.slice(3), lost: tasks.slice(0, 3) });
  },
);

limit(
  "With automatic acks, an ack is a mistake that closes the channel",
  { docs: DOUBLE_ACK, fault: "none" },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { noAck: true });
    const [task = ""] = await rig.publish(1);
    await worker.take(1);
    await worker.done(task);
    await rig.until("the channel to close", () => rig.seen.closedByBroker("worker").length === 1);
    expect(rig.seen.closedByBroker("worker")).toEqual(unknownTag(1));
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

guarantee(
  "The acks of a worker that closes its channel, then its connection, all arrive",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { program: "one-batch.ts", prefetch: 10 });
    const tasks = await rig.publish(10);
    rig.open();
    await rig.until("the worker to leave", () => rig.seen.endedOf("worker-1").length === 1);
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
    expect(rig.seen.ackedBy("worker-1")).toEqual(tasks);
  },
);

limit(
  "In amqplib, acks are ignored when their connection is closed at once, and all of it comes again",
  { docs: "observed", fault: "none", surprise: 4 },
  async ({ rig }) => {
    await rig.workers(1, { program: "one-batch.ts", args: ["--hasty"], prefetch: 10 });
    const tasks = await rig.publish(10);
    rig.open();
    await rig.until("the worker to leave", () => rig.seen.endedOf("worker-1").length === 1);
    expect(rig.seen.ackedBy("worker-1")).toEqual([]);
    await rig.worker("worker-2");
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, duplicated: 10 });
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(tasks);
  },
);

guarantee(
  "Tasks of a registered quorum queue that were acked do not come back when the broker is killed",
  { docs: "observed", fault: "broker-kill", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.registered();
    const worker = await rig.consumer("worker", { prefetch: 10 });
    const tasks = await rig.publish(10);
    await worker.take(10);
    await worker.done(...tasks.slice(0, 6));
    await worker.caughtUp();
    await rig.broker.restart("SIGKILL");
    expect(await rig.fates()).toEqual({ completed: tasks.slice(0, 6), remaining: tasks.slice(6) });
  },
);

limit(
  "Tasks of a busy classic queue that were acked a moment ago come back when the broker is killed",
  { docs: "observed", fault: "broker-kill", queues: ["classic"], surprise: 6 },
  async ({ rig }) => {
    await rig.registered();
    const worker = await rig.consumer("worker", { prefetch: 10 });
    const tasks = await rig.publish(10);
    await worker.take(10);
    const busy = keepBusy(worker);
    await worker.done(...tasks.slice(0, 6));
    await worker.caughtUp();
    await rig.broker.restart("SIGKILL");
    await busy;
    expect(await rig.fates()).toEqual({ remaining: tasks });
    expect(rig.seen.effectsOf("worker")).toEqual(tasks.slice(0, 6));
  },
);

guarantee(
  "Before 4.3, a consumer that does not ack in time loses its channel, and all that it holds goes back",
  {
    docs: NO_TIMEOUT,
    fault: "none",
    notApplicable: (version) =>
      Number.parseFloat(version) < 4.3 ? undefined : "from 4.3 on the consumer alone is cancelled",
  },
  async ({ rig }) => {
    await rig.nodeSettings({ consumer_timeout: 300, channel_tick_interval: 100 });
    const slow = await rig.consumer("slow", { prefetch: 2 });
    const tasks = await rig.publish(3);
    await rig.until("the channel to close", () => rig.seen.closedByBroker("slow").length === 1);
    const configurable =
      "This timeout value can be configured, see consumers doc guide to learn more";
    const text = `PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 300 ms. ${configurable}`;
    expect(rig.seen.closedByBroker("slow")).toEqual([{ scope: "channel", code: 406, text }]);
    expect(rig.seen.unackedBy("slow")).toEqual(tasks.slice(0, 2));
    expect(slow.isCancelled).toBe(false);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

guarantee(
  "From 4.3 on, a consumer that does not ack in time is told so by a cancel, and its task goes on",
  { docs: TIMEOUT, fault: "none", queues: ["quorum"], surprise: 9, notApplicable: before43 },
  async ({ rig }) => {
    const slow = await rig.consumer("slow", { arguments: { "x-consumer-timeout": 300 } });
    const [task = ""] = await rig.publish(1);
    await slow.cancelled();
    const next = await rig.consumer("next");
    await next.take(1);
    expect(next.message(task).properties.headers).toEqual({ "x-acquired-count": 1 });
    expect(await slow.caughtUp()).toEqual([task]);
    expect(rig.seen.closedByBroker("slow")).toEqual([]);
    await next.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "From 4.3 on, a classic queue knows no such timeout, and refuses to be asked for one",
  { docs: NO_TIMEOUT, fault: "none", queues: ["classic"], notApplicable: before43 },
  async ({ rig }) => {
    const asked = { arguments: { "x-consumer-timeout": 300 } };
    const refusal = expect.objectContaining({
      scope: "channel",
      code: 406,
      text: expect.stringContaining("PRECONDITION_FAILED - invalid arg 'x-consumer-timeout'"),
    });
    expect(await rig.declare("tasks", asked)).toEqual(refusal);
    const tasks = await rig.publish(1);
    await expect(rig.consumer("slow", asked)).rejects.toThrow("PRECONDITION_FAILED");
    expect(rig.seen.closedByBroker("slow")).toEqual([refusal]);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);
