import type { ChannelModel, GetMessage } from "amqplib";
import { hasQueue } from "../../broker/has-queue.ts";

/**
 * Takes everything out of a queue, one by one until the queue itself says that it is empty; its
 * count may lag behind. Undefined where there is no such queue.
 */
export async function emptyQueue(
  connection: ChannelModel,
  queue: string,
): Promise<GetMessage[] | undefined> {
  const channel = await connection.createChannel();
  if (!(await hasQueue(channel, queue))) return undefined;
  const messages: GetMessage[] = [];
  for (;;) {
    const message = await channel.get(queue);
    if (!message) break;
    messages.push(message);
    channel.ack(message);
  }
  await channel.close(); // Answered behind the acks.
  return messages;
}
