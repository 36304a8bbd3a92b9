import type { Channel } from "amqplib";
import { untilAnswered } from "../../harness/until.ts";

/** How many tasks of a queue are ready, by its own count. */
export async function ready(channel: Channel, queue: string): Promise<number> {
  return (await channel.checkQueue(queue)).messageCount;
}

/** Waits until so many tasks are ready: what the broker moves by itself, no client is told of. */
export function untilReady(channel: Channel, queue: string, count: number): Promise<void> {
  const what = `${queue} to have ${count} tasks ready`;
  return untilAnswered(what, async () => (await ready(channel, queue)) === count);
}

/**
 * Sees a queue's end without a question to the queue itself, which would count as use: an exchange
 * that is bound to nothing else is deleted with it.
 */
export class QueueWatch {
  readonly #exchange: string;
  readonly #open: () => Promise<Channel>;

  private constructor(exchange: string, open: () => Promise<Channel>) {
    this.#exchange = exchange;
    this.#open = open;
  }

  /** @param open opens channels, because a negative answer closes one. */
  static async over(queue: string, open: () => Promise<Channel>): Promise<QueueWatch> {
    const exchange = `bound-to-${queue}`;
    const channel = await open();
    await channel.assertExchange(exchange, "fanout", { autoDelete: true });
    await channel.bindQueue(queue, exchange, "");
    return new QueueWatch(exchange, open);
  }

  /** Waits until the queue is gone. */
  gone(): Promise<void> {
    return untilAnswered(`the queue of ${this.#exchange} to be gone`, async () => {
      const channel = await this.#open();
      const isThere = await channel.checkExchange(this.#exchange).catch(() => undefined);
      if (isThere) await channel.close();
      return !isThere;
    });
  }
}
