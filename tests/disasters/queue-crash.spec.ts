import { expect } from "vitest";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const CANCEL = "https://www.rabbitmq.com/docs/consumer-cancel#overview";
const CONFIRMS = "https://www.rabbitmq.com/docs/confirms#server-sent-nacks";

guarantee(
  "A classic queue that crashes five times in ten seconds is there again with its persistent tasks, and no others",
  { docs: "observed", fault: "queue-crash", queues: ["classic"] },
  async ({ rig }) => {
    const persistent = await rig.publish(5);
    const transient = await rig.publish(5, { persistent: false });
    await rig.broker.crashQueue("tasks", { times: 5 });
    const [after = ""] = await rig.publish(1);
    expect(await rig.fates()).toEqual({ remaining: [...persistent, after], lost: transient });
  },
);

guarantee(
  "A quorum queue that crashes twice in five seconds loses nothing, and its consumer notices nothing",
  { docs: "observed", fault: "queue-crash", queues: ["quorum"] },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 2 });
    await rig.publish(2);
    await rig.publish(2, { persistent: false });
    await worker.take(2);
    await rig.broker.crashQueue("tasks", { times: 2 });
    await worker.done("task-1", "task-2");
    await worker.take(4);
    await worker.done("task-3", "task-4");
    expect([worker.isCancelled, rig.seen.redeliveredTo("worker")]).toEqual([false, []]);
    expect(await rig.account()).toEqual({ published: 4, confirmed: 4, completed: 4 });
  },
);

guarantee(
  "From 4.0 on, a consumer is told by a cancel that its classic queue has crashed; before, it is sent its tasks again",
  { docs: CANCEL, fault: "queue-crash", queues: ["classic"] },
  async ({ rig }) => {
    const worker = await rig.consumer("worker", { prefetch: 1 });
    const tasks = await rig.publish(2);
    await worker.take(1);
    await rig.broker.crashQueue("tasks");
    await (rig.isFrom("4.0") ? worker.cancelled() : worker.take(2));
    expect(worker.isCancelled).toBe(rig.isFrom("4.0"));
    expect(rig.seen.redeliveredTo("worker")).toEqual(rig.isFrom("4.0") ? [] : ["task-1"]);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

limit(
  "The task in hand is done twice when its classic queue crashes, and no other",
  { docs: "observed", fault: "queue-crash", queues: ["classic"] },
  async ({ rig }) => {
    await rig.workers(1);
    await rig.publish(3);
    await rig.until("it to be mid-task", () => rig.seen.askedBy("worker-1").length === 1);
    await rig.broker.crashQueue("tasks");
    await rig.until("it to return", () => rig.seen.redeliveredTo("worker-1").length === 1);
    expect(await rig.fates()).toEqual({
      completed: ["task-2", "task-3"],
      duplicated: ["task-1"],
    });
  },
);

guarantee(
  "What a classic queue has not taken in when it crashes is refused, and not stored",
  { docs: CONFIRMS, fault: "queue-crash", queues: ["classic"] },
  async ({ rig }) => {
    const tasks = await rig.publish(2);
    await publishIntoCrash(rig, 3);
    expect(rig.seen.answersTo("task-3")).toEqual(["refused"]);
    expect(await rig.account()).toEqual({
      published: 5,
      confirmed: 2,
      refused: 3,
      remaining: 2,
    });
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

guarantee(
  "What a quorum queue has not taken in when it crashes is stored all the same, and confirmed",
  { docs: "observed", fault: "queue-crash", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.publish(2);
    await publishIntoCrash(rig, 3);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, remaining: 5 });
  },
);

limit(
  "A classic queue that crashes for the sixth time in ten seconds refuses every task until the broker is restarted; then all are back",
  { docs: "observed", fault: "queue-crash", queues: ["classic"] },
  async ({ rig }) => {
    await rig.registered();
    const tasks = await rig.publish(5);
    expect(await rig.broker.crashQueue("tasks", { times: 6 })).toBe(false);
    await rig.publish(1);
    expect(rig.seen.answersTo("task-6")).toEqual(["refused"]);
    await rig.broker.restart("SIGKILL");
    expect(await rig.fates()).toEqual({ remaining: tasks });
    expect((await rig.account()).refused).toBe(1);
  },
);

limit(
  "A quorum queue that crashes for the third time in five seconds answers nobody until the broker is restarted; then all are back",
  { docs: "observed", fault: "queue-crash", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.registered();
    const tasks = await rig.publish(5);
    expect(await rig.broker.crashQueue("tasks", { times: 3 })).toBe(false);
    const publishing = rig.publish(1);
    await rig.until("it to be sent", () => rig.seen.publishedBy("publisher").length === 6);
    await rig.broker.restart("SIGKILL");
    await publishing;
    expect(await rig.fates()).toEqual({ remaining: tasks });
    expect((await rig.account()).unknown).toBe(1);
  },
);

/** Publishes tasks that reach their queue, and that it has not read when it crashes. */
async function publishIntoCrash(rig: Rig, count: number): Promise<void> {
  const sent = rig.seen.publishedBy("publisher").length + count;
  let publishing: Promise<unknown> = Promise.resolve();
  const whileStuck = async () => {
    publishing = rig.publish(count);
    await rig.until("all to be sent", () => rig.seen.publishedBy("publisher").length === sent);
  };
  await rig.broker.crashQueue("tasks", { whileStuck });
  await publishing;
}
