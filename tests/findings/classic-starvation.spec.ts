/**
 * Promise, in the words of the documentation of RabbitMQ 4.3 (priority, starvation): "Classic queues
 * prevent starvation by cycling through sub-queues: each delivery cycle drains the highest-priority
 * sub-queue first, then the next, down to the lowest. High-priority messages enqueued mid-cycle are
 * held until the next cycle, so lower priorities are never starved."
 *
 * Found: there is no such cycle. Whenever a consumer has room, it is sent the waiting task of the
 * highest priority. As long as one of these comes before each ack, the others are never sent. Seen on
 * 3.10.8, 4.0.5 and 4.3.6; only the documentation of 4.3 promises otherwise.
 *
 * Cause: `rabbit_priority_queue:fetch` looks for a task in the sub-queues from the highest priority
 * down, each time anew.
 *
 * To live with it: a queue of its own for each class of tasks that must have its share.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "In a classic queue, tasks of a low priority are never sent as long as others of a high one keep coming",
  {
    docs: "https://www.rabbitmq.com/docs/priority#resource-starvation",
    fault: "none",
    queues: ["classic"],
    notApplicable: (version) =>
      Number.parseFloat(version) < 4.3
        ? "it is the same here, but only the documentation of 4.3 promises otherwise"
        : undefined,
  },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-max-priority": 10 } });
    const low = await rig.publish(2, { properties: { priority: 1 } });
    const high = await rig.publish(1, { properties: { priority: 9 } });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    for (let cycle = 1; cycle <= 20; cycle++) {
      const task = (await consumer.take(cycle)).at(-1) ?? "";
      high.push(...(await rig.publish(1, { properties: { priority: 9 } })));
      await consumer.done(task);
    }
    await consumer.take(21);
    expect(rig.seen.deliveredTo("consumer")).toEqual(high);
    expect(await rig.fates()).toEqual({
      completed: high.slice(0, 20),
      remaining: [...low, ...high.slice(20)],
    });
  },
);
