import type { Channel } from "amqplib";

const NOT_FOUND = 404;

/** Does the broker have this queue? Where it has not, it closes the channel to say so. */
export async function hasQueue(channel: Channel, queue: string): Promise<boolean> {
  return isFound(channel, () => channel.checkQueue(queue));
}

/** Does the broker have this exchange? Where it has not, it closes the channel to say so. */
export async function hasExchange(channel: Channel, exchange: string): Promise<boolean> {
  return isFound(channel, () => channel.checkExchange(exchange));
}

async function isFound(channel: Channel, ask: () => Promise<unknown>): Promise<boolean> {
  channel.on("error", () => {}); // That close is the answer here.
  try {
    await ask();
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return false;
    throw error;
  }
}
