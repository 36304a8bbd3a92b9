/**
 * Promise, in the words of the documentation of RabbitMQ 4.3 (quorum queues, priorities): "There is
 * no opt-in argument: `x-max-priority` applies only to classic queues and is ignored by quorum
 * queues."
 *
 * Found: it is not ignored. A quorum queue with this argument is refused by 406, as on 4.0.5 and on
 * 3.10.8, whose documentation does not say otherwise.
 *
 * Cause: `x-max-priority` is not among the arguments that `rabbit_quorum_queue` declares as its own,
 * and any argument that is known to another type of queue is refused.
 *
 * To live with it: leave the argument out when a classic queue with priorities becomes a quorum queue.
 */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "A quorum queue with x-max-priority is refused",
  {
    docs: "https://www.rabbitmq.com/docs/quorum-queues#priorities",
    fault: "none",
    queues: ["quorum"],
    notApplicable: (version) =>
      Number.parseFloat(version) < 4.3
        ? "it is the same here, but only the documentation of 4.3 promises otherwise"
        : undefined,
  },
  async ({ rig }) => {
    const refusal = await rig.declare("tasks", { arguments: { "x-max-priority": 10 } });
    expect(refusal).toMatchObject({ scope: "channel", code: 406 });
    expect(refusal?.text).toContain(
      "PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'tasks'",
    );
    const tasks = await rig.publish(1);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);
