/**
 * Promise, in the words of the documentation of RabbitMQ 4.3 (queue length limit): "The maximum
 * length limit can be set to a number of messages, or set to a number of bytes (the total of all
 * message body lengths, ignoring message properties and any overheads), or both."
 *
 * Found: a quorum queue of 4.3.6 counts the properties, too. Two bodies of 500 bytes do not fit
 * into a limit of 1000. They do in a classic queue, and in a quorum queue of 4.0.5 and 3.10.8.
 *
 * Cause: `rabbit_fifo` of 4.3 adds the size of the encoded properties to that of the body before it
 * compares with the limit. Up to 4.2 it added the body alone.
 *
 * To live with it: leave room for the properties and headers of each task in a limit in bytes, most
 * of all where bodies are small.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "A quorum queue counts the properties of its tasks towards a limit in bytes",
  {
    docs: "https://www.rabbitmq.com/docs/maxlength#overview",
    fault: "none",
    queues: ["quorum"],
    notApplicable: (version) =>
      Number.parseFloat(version) < 4.3 ? "before 4.3 it counts the bodies, as promised" : undefined,
  },
  async ({ rig }) => {
    const limited = { "x-max-length-bytes": 1000 };
    await rig.declare("tasks", { arguments: limited, discards: ["length-limit"] });
    const [first, second] = await rig.publish(2, { size: 500 });
    expect(await rig.fates()).toEqual({ discarded: [first], remaining: [second] });
  },
);
