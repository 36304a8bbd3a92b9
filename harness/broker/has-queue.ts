import type { Channel } from "amqplib";

const NOT_FOUND = 404;

/** Does the broker have this queue? Where it has not, it closes the channel to say so. */
export async function hasQueue(channel: Channel, queue: string): Promise<boolean> {
  channel.on("error", () => {}); // That close is the answer here.
  try {
    await channel.checkQueue(queue);
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return false;
    throw error;
  }
}
