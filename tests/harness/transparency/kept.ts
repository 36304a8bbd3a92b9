import type { Address } from "../../../harness/broker/connect.ts";
import type { Linked } from "../link/linked.ts";
import type { Keep } from "./keepers/keeper.ts";
import { urlOf } from "./observe.ts";
import { Told } from "./told.ts";

/** A client with a task in its hands that it has not acked, and acks when it comes again. */
export interface Kept {
  told: Told;
  /** Once it has acked: everything it noticed, and what is left in its queue. */
  finish(): Promise<{ told: unknown[][]; left: number }>;
}

/** @param queue of the keeper's own; at the same time, two would share one. */
export async function hold(
  linked: Linked,
  keep: Keep,
  address: Address,
  queue: string,
): Promise<Kept> {
  const channel = await linked.direct.createConfirmChannel();
  await channel.assertQueue(queue);
  channel.sendToQueue(queue, Buffer.from("t1"), { messageId: "t1" });
  await channel.waitForConfirms();
  const told = new Told();
  const keeper = await keep(urlOf(address), queue, told, (message) => {
    if (message.redelivered) message.ack();
    told.note("delivered", message.said);
  });
  await told.heard("delivered");
  return {
    told,
    async finish() {
      await told.heard("connected", 2);
      await told.heard("delivered", 2);
      await keeper.close();
      const operator = await linked.direct.createChannel();
      const { messageCount } = await operator.deleteQueue(queue);
      return { told: told.lines.map((line) => unnamed(line, queue)), left: messageCount };
    },
  };
}

/** A queue's name is the one thing in which two observations may differ. */
function unnamed(line: unknown[], queue: string): unknown[] {
  return JSON.parse(JSON.stringify(line).replaceAll(queue, "the queue"));
}
