/**
 * Promise, in the grammar of AMQP 0-9-1 for a channel: `close-channel = C:CLOSE S:CLOSE-OK /
 * S:CLOSE C:CLOSE-OK`. Behind its own `channel.close` a server sends that channel nothing else, and a
 * client forgets it.
 *
 * Found: when the broker closes a channel for a mistake of its client, it sends it those tasks all the
 * same that its queues had handed to it by then. While tasks are published at full speed that was
 * 15 to 300 of 300 tasks in about 4 of 10 tries. Here the channel's process is made to stand still for
 * a moment, so that it is always so. Seen on 3.10.8, 4.0.5 and 4.3.6, with both types of queue.
 *
 * Nothing is lost: they go back, as redelivered, though no program has had them. But clients do not
 * expect it. amqplib 2.3.1 closes the whole connection with all its other channels ("Frame on unknown
 * channel"); in bunny 2.19.0 the thread that reads ends of a `NoMethodError`, and the program learns
 * of it by its timeouts only.
 *
 * Cause: a channel process that is closing drops what is handed to it as a direct reply, and its own
 * answers; in `rabbit_channel` the clause for events of queues has no such case, and passes deliveries
 * to the writer. They wait in its mailbox behind the method that it fails on.
 *
 * To live with it: give a connection's other channels nothing that may not be lost with it, and come
 * back from the loss of the connection also where it was only a channel that failed.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";
import { whileStuck } from "./stuck-channel.ts";

finding(
  "A channel that the broker has closed is sent tasks all the same, which costs amqplib the whole connection",
  { docs: "https://www.rabbitmq.com/amqp-0-9-1-reference#channel.close", fault: "none" },
  async ({ rig }) => {
    const mistaken = await rig.consumer("mistaken");
    mistaken.channel.on("error", () => {}); // Else amqplib takes that for an end of all, too.
    await whileStuck(rig, async (toWait) => {
      const broken = { arguments: { "x-message-ttl": -1 } };
      mistaken.channel.assertQueue("broken", broken).catch(() => {});
      await toWait(1);
      await rig.publish(5);
      await toWait(1);
    });
    await rig.until("its end", () => rig.seen.closedByClient("mistaken").length === 1);
    const ends = [...rig.seen.closedByBroker("mistaken"), ...rig.seen.closedByClient("mistaken")];
    expect(ends).toMatchObject([
      { scope: "channel", code: 406 },
      { scope: "connection", code: 504, text: "Frame on unknown channel 1" },
    ]);
    expect([rig.seen.deliveredTo("mistaken").length, mistaken.taken.length]).toEqual([5, 0]);
    const next = await rig.consumer("next");
    await next.done(...(await next.take(5)));
    expect(rig.seen.redeliveredTo("next").length).toBe(5);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);
