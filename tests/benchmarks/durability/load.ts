/** Publishing as durably as it is told, straight to the broker, with amqplib. */
import { randomUUID } from "node:crypto";
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import type { QueueType } from "../../../harness/history/event.ts";
import { untilAnswered } from "../../../harness/until.ts";

/** How careful a producer is. */
export interface Care {
  persistent: boolean;
  confirmed: boolean;
}

export interface Work extends Care {
  url: string;
  queueType: QueueType;
  count: number;
  /** Bytes of body. */
  size: number;
}

/** Publishes without a confirm at any time, at most. */
const WINDOW = 200;

/** Milliseconds in which a queue has what was sent to it. */
const PATIENCE = 120_000;

/**
 * Publishes into a queue of its own, which is durable whatever the tasks are, and waits until the
 * queue has them all: a producer without confirms would be done when its socket is full.
 *
 * @returns tasks a second.
 */
export async function publish(work: Work): Promise<number> {
  const connection = await connect(work.url);
  const queue = `bench-${randomUUID().slice(0, 8)}`;
  const channel = await connection.createChannel();
  const { queueType } = work;
  await channel.assertQueue(queue, { durable: true, arguments: { "x-queue-type": queueType } });
  const began = performance.now();
  await (work.confirmed ? confirmed : unconfirmed)(connection, queue, work);
  await untilAnswered("the queue to have it all", () => has(channel, queue, work.count), PATIENCE);
  const took = performance.now() - began;
  await channel.deleteQueue(queue);
  await connection.close();
  return (work.count / took) * 1000;
}

async function confirmed(connection: ChannelModel, queue: string, work: Work): Promise<void> {
  const channel = await connection.createConfirmChannel();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let published = 0;
  let answered = 0;
  const answer = (error: Error | null) => {
    answered += 1;
    if (error) reject(error);
    else if (answered === work.count) resolve();
    else if (published < work.count) next();
  };
  const next = () => send(channel, queue, work, ++published, answer);
  channel.on("error", reject);
  while (published < Math.min(WINDOW, work.count)) next();
  await promise;
}

/** As fast as the socket takes them. */
async function unconfirmed(connection: ChannelModel, queue: string, work: Work): Promise<void> {
  const channel = await connection.createChannel();
  for (let task = 1; task <= work.count; task++) {
    if (send(channel, queue, work, task)) continue;
    await new Promise((resolve) => channel.once("drain", resolve));
  }
  await channel.close(); // Sends what is still buffered, and is answered behind it.
}

function send(
  channel: Channel | ConfirmChannel,
  queue: string,
  { persistent, size }: Work,
  task: number,
  answer?: (error: Error | null) => void,
): boolean {
  const options = { messageId: `task-${task}`, persistent };
  return (channel as ConfirmChannel).sendToQueue(queue, bodyOf(size), options, answer);
}

const bodies = new Map<number, Buffer>();

function bodyOf(size: number): Buffer {
  const body = bodies.get(size) ?? Buffer.alloc(size, "x");
  bodies.set(size, body);
  return body;
}

async function has(channel: Channel, queue: string, count: number): Promise<boolean> {
  return (await channel.checkQueue(queue)).messageCount === count;
}
