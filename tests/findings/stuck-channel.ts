import { evaluate, evaluateUntil } from "../../harness/broker/evaluate.ts";
import { binary } from "../../harness/faults/erlang.ts";
import type { Rig } from "../../harness/scenario/rig.ts";

/** The process that is the one channel of this experiment with a consumer. */
const channelOf = ({ place }: Rig) => `
  [Channel] = [One || One <- rabbit_channel:list(),
    rabbit_channel:info(One, [vhost, consumer_count])
      =:= [{vhost, ${binary(place.stage.vhost)}}, {consumer_count, 1}]],`;

/**
 * Has the broker's process for the only consumer's channel stand still meanwhile, as a busy one may:
 * what it is sent waits in its mailbox, in order.
 *
 * @param meanwhile is given a condition to wait for: so many more messages are in the mailbox.
 */
export async function whileStuck(
  rig: Rig,
  meanwhile: (toWait: (more: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { broker } = rig.place.stage;
  const pid = await evaluate(
    broker,
    `${channelOf(rig)} ok = sys:suspend(Channel), pid_to_list(Channel).`,
  );
  const channel = `Channel = list_to_pid(${pid}),`;
  const length = "element(2, process_info(Channel, message_queue_len))";
  let waiting = 0;
  await meanwhile(async (more) => {
    const isThere = `begin ${channel} ${length} >= ${waiting + more} andalso ${length} end`;
    waiting = Number(await evaluateUntil(broker, "the channel's mailbox to fill", isThere));
  });
  await evaluate(broker, `${channel} sys:resume(Channel).`);
}
