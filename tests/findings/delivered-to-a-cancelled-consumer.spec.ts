/**
 * Promise, in the words of the documentation (quorum queues, consumer timeout), of a consumer that
 * does not ack in time: "The consumer is cancelled (if the client supports the
 * `consumer_cancel_notify` capability) … the messages are returned to the queue for redelivery". And
 * of `basic.cancel` from the broker (AMQP 0-9-1 reference): "it does mean the server will not send
 * any more messages for that consumer".
 *
 * Found: on 4.3.6 the cancel comes in time and the tasks go back to the queue. When the client then
 * acks (or rejects) all that it still holds, the broker sends it tasks again, under the consumer tag
 * that it has cancelled: 49 of 49 tries with acks, 5 of 5 with rejects, usually within 20 ms of the
 * last one; 3 of them at a timeout of 61 seconds and with every other setting as it is. Acking only
 * some, or returning all with requeue, brings none (0 of 5 each), nor does closing the channel (0 of
 * 5), nor doing nothing (0 of 25). It was seen on a bare socket, without anything between it and the
 * broker. The late acks count for nothing.
 *
 * Nothing is lost. What was sent to the cancelled tag waits there for another timeout, half an hour
 * unless set otherwise, or for the end of the channel. amqplib 2.3.1 closes the channel at such a
 * delivery ("Unknown consumer"), and loses its connection at the second cancel; pika 1.2.0 drops it.
 * A second cancel can also come together with the first: there pika dies of a `KeyError`.
 *
 * Cause: the channel sends `basic.cancel` with `nowait`, and forgets the consumer only at the
 * client's `cancel-ok`, which `nowait` asks nobody to send. In the queue (`rabbit_fifo`), a consumer
 * that has timed out is up again once every task that it was late with is settled, and is filled up
 * to its prefetch. The notes of 4.3.7 say that it "now properly clears consumer state even if the
 * client does not respond with basic.cancel-ok"; that version was not tried.
 *
 * To live with it: when the broker cancels a consumer, answer nothing that it held, close the
 * channel, and consume on a new one.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "A consumer that was cancelled for its timeout is sent tasks again once it has acked all that it held, which costs an amqplib worker its channel",
  {
    docs: "https://www.rabbitmq.com/docs/quorum-queues#consumer-timeout",
    fault: "none",
    queues: ["quorum"],
    notApplicable: (version) =>
      Number.parseFloat(version) < 4.3 ? "before 4.3 the channel is closed instead" : undefined,
  },
  async ({ rig }) => {
    const held = await rig.publish(2);
    const timeout = { "x-consumer-timeout": 300 };
    const slow = await rig.consumer("slow", { prefetch: 2, arguments: timeout });
    await slow.take(2);
    await slow.cancelled();
    for (const task of held) await slow.work(task);
    slow.ack(held[1] as string, { upTo: true });
    await rig.until("amqplib to close", () => rig.seen.closedByClient("slow").length === 1);
    expect(rig.seen.closedByClient("slow")).toEqual([
      { scope: "channel", code: 541, text: "Error while processing message" },
    ]);
    expect(rig.seen.deliveredTo("slow").slice(0, 3)).toEqual([...held, held[0]]);
    const next = await rig.consumer("next", { prefetch: 2 });
    await next.take(2);
    await next.done(...held);
    expect(await rig.fates()).toEqual({ duplicated: held });
  },
);
