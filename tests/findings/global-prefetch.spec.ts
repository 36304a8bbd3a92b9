/**
 * Promise, in the words of the documentation of every version from 3.13 to 4.3 (quorum queues,
 * global QoS): "If an attempt is made to consume from a quorum queue from a channel with global QoS
 * activated a channel error will be returned."
 *
 * Found: before 4.3 the broker closes the whole connection (540), and with it all of its other
 * channels, which lose what they hold. From 4.3 on there is no error at all: each consumer has the
 * prefetch for itself. Seen on 3.10.8, 4.0.5 and 4.3.6.
 *
 * Cause: NOT_IMPLEMENTED is what AMQP 0-9-1 calls a hard error, one that ends a connection. On 4.3
 * the deprecated feature `global_qos` is denied by default, and `rabbit_channel` then takes
 * `basic.qos` with `global` for one without.
 *
 * To live with it: no global prefetch.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "A consumer of a quorum queue with a global prefetch ends its connection; from 4.3 on it is let in, each with a prefetch of its own",
  {
    docs: "https://www.rabbitmq.com/docs/quorum-queues#global-qos",
    fault: "none",
    queues: ["quorum"],
  },
  async ({ rig }) => {
    const tasks = await rig.publish(6);
    const bystander = await rig.consumer("worker", { consumerTag: "bystander", prefetch: 2 });
    await bystander.take(2);
    const channel = await rig.channel("worker");
    await channel.prefetch(1, true);
    const consumers = ["one", "other"].map((consumerTag) =>
      rig.consumer("worker", { consumerTag, channel }),
    );
    if (rig.isFrom("4.3")) {
      const [one, other] = await Promise.all(consumers);
      expect(await one?.take(1)).toEqual(["task-3"]);
      expect(await other?.take(1)).toEqual(["task-4"]);
    } else {
      await Promise.allSettled(consumers);
      await rig.until("the close", () => rig.seen.closedByBroker("worker").length === 1);
      const [refusal] = rig.seen.closedByBroker("worker");
      expect(refusal).toMatchObject({ scope: "connection", code: 540 });
      expect(refusal?.text).toMatch(
        /^NOT_IMPLEMENTED - queue 'tasks' in vhost '[^']+' does not support global qos$/,
      );
    }
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);
