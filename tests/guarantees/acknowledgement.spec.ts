import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const REQUEUE = "https://www.rabbitmq.com/docs/confirms#automatic-requeueing";
const ACKS = "https://www.rabbitmq.com/docs/confirms#acknowledgement-modes";
const DOUBLE_ACK = "https://www.rabbitmq.com/docs/confirms#consumer-acks-double-acking";

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
