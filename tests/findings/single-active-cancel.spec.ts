/**
 * Promise, in the words of the documentation of RabbitMQ 3.13 (consumers, single active consumer):
 * "If the active consumer is cancelled or disconnects, another registered consumer takes its place."
 *
 * Found: on a classic queue, if the active consumer is cancelled while tasks wait, the next one is
 * sent none of them; and the next publish crashes the queue. The publish is refused, and the queue
 * restarts from its disk, so that transient tasks are lost. Its consumers are cancelled, or, where it
 * is back before their channel has noticed, sent again all that it has.
 * Seen on 3.10.8. The code is the same up to 3.13.7; 4.0.0 has other. A quorum queue hands over, and
 * so does a classic one whose active consumer's channel is closed instead.
 *
 * Cause: `rabbit_amqqueue_process` chooses the next active consumer when it handles `basic.cancel`,
 * but does not run the queue for it. So a consumer is ready while tasks wait, which the next publish
 * takes for impossible: it asserts in `attempt_delivery` that the queue is empty, and dies of
 * `{badmatch,false}`. 4.0.0 calls `requeue_and_run` when the active consumer has changed.
 *
 * To live with it: close the channel of a single active consumer; do not just cancel it.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "A classic queue whose single active consumer is cancelled sends the next one nothing, and crashes at the next publish",
  {
    docs: "https://www.rabbitmq.com/docs/3.13/consumers#single-active-consumer",
    fault: "none",
    queues: ["classic"],
    notApplicable: (version) =>
      Number.parseFloat(version) < 4 ? undefined : "from 4.0 on the next one takes over",
  },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-single-active-consumer": true } });
    const active = await rig.consumer("active", { prefetch: 2 });
    const next = await rig.consumer("next");
    const tasks = await rig.publish(5);
    await active.take(2);
    await active.channel.cancel(active.tag);
    expect(await next.caughtUp()).toEqual([]);
    await rig.publish(1);
    const isCancelled = () =>
      rig.history.events.some(
        (event) => event.type === "consumer-cancelled" && event.subject === "next",
      );
    const isSentAgain = () => rig.seen.redeliveredTo("next").length === tasks.length;
    await rig.until("the queue to have crashed", () => isCancelled() || isSentAgain());
    expect(await rig.account()).toEqual({ published: 6, confirmed: 5, refused: 1, remaining: 5 });
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);
