import type { ChannelModel } from "amqplib";
import { SetupError } from "../../errors.ts";
import { counted } from "../../report/document-markdown.ts";

/**
 * Whoever else's messages are in a queue would be taken for tasks, and drained in the end; and whoever
 * else consumes from it would take tasks. Nothing is taken out here.
 *
 * @throws {SetupError} that names the first queue that is somebody else's.
 */
export async function refuseOthers(
  connection: ChannelModel,
  queues: readonly string[],
): Promise<void> {
  const channel = await connection.createChannel();
  for (const queue of queues) {
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    if (messageCount + consumerCount === 0) continue;
    const has = [counted(messageCount, "message"), counted(consumerCount, "consumer")];
    throw new SetupError(
      [
        `The queue "${queue}" has ${has.join(" and ")} already, on the broker that --broker names.`,
        "An audit takes out whatever is in its queues, so it has not begun, and took nothing.",
        "Name a queue that is empty and that nobody else uses, or leave --broker out.",
      ].join("\n"),
    );
  }
  await channel.close();
}
