/**
 * Promise, in the words of the documentation of RabbitMQ 4.3 (quorum queues, poison message
 * handling): "When a message has been redelivered more times than the limit the message will be
 * dropped (removed) or dead-lettered." And (dead letter exchanges): "`delivery_limit`: the message
 * is returned more times than the limit". The limit is a queue's.
 *
 * Found: a quorum queue of 4.3.6 counts the failed deliveries of other quorum queues, too. With a
 * limit of 1, a task that was rejected once in another queue, and came by dead-lettering, is given
 * back once and then dead-lettered for its delivery limit, not redelivered. In 4.0.5 and 3.10.8 it
 * is redelivered.
 *
 * Cause: a message keeps `delivery_count` as an annotation through dead-lettering, and the quorum
 * queue that it gets to starts from there (`rabbit_fifo:maybe_set_msg_delivery_count`). So it did
 * from 4.0 on, but up to 4.2 the limit was held against another count, `acquired_count`.
 *
 * To live with it: a retry loop that rejects tasks into a waiting queue uses up the limit, 20 if
 * none is set, also when the waiting queue is a classic one. After as many rounds the first lost
 * connection ends the task. Give tasks up by `basic.nack`, which 4.3 does not count, or set the
 * limit above the number of rounds.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "A delivery limit counts the failures in other quorum queues, before a task was dead-lettered",
  {
    docs: "https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling",
    fault: "none",
    queues: ["quorum"],
    notApplicable: (version) =>
      Number.parseFloat(version) < 4.3
        ? "before 4.3 the limit is held against the deliveries in the queue itself"
        : undefined,
  },
  async ({ rig }) => {
    const deadLetterTo = (queue: string) => ({
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": queue,
    });
    await rig.declare("tasks", { arguments: deadLetterTo("second") });
    await rig.declare("second", { arguments: { ...deadLetterTo("dead"), "x-delivery-limit": 1 } });
    await rig.declare("dead");
    const [task = ""] = await rig.publish(1);
    const first = await rig.consumer("first");
    await first.take(1);
    first.reject(task, { requeue: false });
    const second = await rig.consumer("second", { queue: "second" });
    await second.take(1);
    second.reject(task, { requeue: true });
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    await dead.take(1);
    expect(dead.message(task).properties.headers).toMatchObject({
      "x-last-death-queue": "second",
      "x-last-death-reason": "delivery_limit",
    });
    expect(await second.caughtUp()).toEqual([task]);
    await dead.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);
