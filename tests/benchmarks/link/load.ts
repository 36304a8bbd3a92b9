/**
 * Work for a broker, with amqplib: what most users of Node have, and what the rest of the suite
 * speaks with. It takes the greater part of a message's CPU time, as it does in a real system: a
 * hand-made client would make the link look dearer than anyone will find it.
 */
import {
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
} from "amqplib";
import type { Address } from "../../../harness/link/link.ts";
import { median } from "./median.ts";

/** Messages to move, and where. */
export interface Work {
  address: Address;
  queue: string;
  count: number;
}

export interface Publishing extends Work {
  /** Bytes of body. */
  size: number;
  /** Publishes without a confirm at any time, at most. */
  window: number;
}

export interface Consumption extends Work {
  /** How many consume side by side, each on a channel of its own. */
  consumers: number;
  /** Of each consumer. */
  prefetch: number;
}

export interface Timing {
  /** Messages a second. */
  rate: number;
  /** The median milliseconds of one publish up to its confirm, or of one delivery up to the next. */
  trip: number;
}

/** Publishes persistent tasks into a durable queue, and waits for every confirm. */
export async function publish(work: Publishing): Promise<Timing> {
  return withConnection(work.address, async (connection) => {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(work.queue, { durable: true });
    return publishOn(channel, work);
  });
}

/** Consumes and acks, one by one, messages that are in the queue already. */
export async function consume(work: Consumption): Promise<Timing> {
  return withConnection(work.address, async (connection) => {
    const channels = Array.from({ length: work.consumers }, () => connection.createChannel());
    return consumeOn(await Promise.all(channels), work);
  });
}

/** Does both at the same time, on two connections. */
export async function publishAndConsume(work: Publishing & Consumption): Promise<Timing> {
  await publish({ ...work, count: 1 }); // Creates the queue.
  await consume({ ...work, count: 1 });
  const [timing] = await Promise.all([publish(work), consume(work)]);
  return timing;
}

export async function deleteQueue({ address, queue }: Omit<Work, "count">): Promise<void> {
  await withConnection(address, async (connection) => {
    await (await connection.createChannel()).deleteQueue(queue);
  });
}

async function withConnection<T>(
  { host, port }: Address,
  action: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  const connection = await connect(`amqp://guest:guest@${host}:${port}`);
  const result = await action(connection);
  await connection.close();
  return result;
}

function publishOn(channel: ConfirmChannel, work: Publishing): Promise<Timing> {
  const { queue, count, window } = work;
  const { promise, resolve, reject } = Promise.withResolvers<Timing>();
  const body = Buffer.alloc(work.size, "x");
  const stopwatch = new Stopwatch(count);
  let published = 0;
  const publishNext = () => {
    const began = performance.now();
    const messageId = `task-${++published}`;
    channel.sendToQueue(queue, body, { messageId, persistent: true }, (error) => {
      if (error) reject(error);
      else if (stopwatch.lap(began)) resolve(stopwatch.stop());
      else if (published < count) publishNext();
    });
  };
  channel.on("error", reject);
  while (published < Math.min(window, count)) publishNext();
  return promise;
}

async function consumeOn(channels: Channel[], work: Consumption): Promise<Timing> {
  const { promise, resolve, reject } = Promise.withResolvers<Timing>();
  await Promise.all(channels.map((channel) => channel.prefetch(work.prefetch)));
  const stopwatch = new Stopwatch(work.count);
  for (const channel of channels) {
    channel.on("error", reject);
    let last = performance.now();
    const take = (message: ConsumeMessage | null) => {
      if (message === null) return reject(new Error(`The queue ${work.queue} is gone`));
      if (stopwatch.done) return; // Left for whoever consumes next.
      channel.ack(message);
      if (stopwatch.lap(last)) resolve(stopwatch.stop());
      last = performance.now();
    };
    channel.consume(work.queue, take).catch(reject);
  }
  const timing = await promise;
  // Acks are sent without an answer: this waits until the broker has them.
  await Promise.all(channels.map((channel) => channel.close()));
  return timing;
}

/** Times laps that overlap: how many there are in a second, and what one takes. */
class Stopwatch {
  readonly #laps: Float64Array;
  readonly #began = performance.now();
  #done = 0;

  constructor(count: number) {
    this.#laps = new Float64Array(count);
  }

  get done(): boolean {
    return this.#done === this.#laps.length;
  }

  /** Ends a lap; true for the last one. */
  lap(began: number): boolean {
    this.#laps[this.#done++] = performance.now() - began;
    return this.done;
  }

  stop(): Timing {
    const took = performance.now() - this.#began;
    return { rate: (this.#done / took) * 1000, trip: median(this.#laps) };
  }
}
