import type { Channel, Message } from "amqplib";
import { hasQueue } from "../broker/has-queue.ts";
import type { History } from "../history/history.ts";
import { MissedDeadline, until } from "../until.ts";
import type { Client } from "./client.ts";

const RESOURCE_LOCKED = 405;

/** How long a task that is on its way back to its queue may take to get there. */
const RETURN_DEADLINE = 5_000;

type Identify = (properties: Message["properties"]) => string | null;

/** One queue on its way to being empty. */
interface Draining {
  queue: string;
  channel: Channel;
  /** Undefined once the broker no longer has the queue. */
  consumer: string | undefined;
  found: number;
  take(message: Message): void;
}

/**
 * Consumes everything that is left in the queues, and says so for each message. It ends when every
 * task that is on its way back has come, into whichever of them, and the broker has answered a
 * `get` from each with "empty".
 *
 * The queue's count ends nothing: a quorum queue that has just been recovered reports 0 and has
 * messages, and one that reports 0 may still be delivering.
 *
 * @param look is shown each message, in the order of its queue.
 * @param identify reads the id of the task that a message is; its `messageId` when left out.
 */
export async function drain(
  client: Client,
  history: History,
  queues: readonly string[],
  returning: ReadonlyMap<string, string>,
  look: (message: Message) => void = () => {},
  identify: Identify = ({ messageId }) => messageId ?? null,
): Promise<void> {
  const missing = new Map(returning);
  const all: Draining[] = [];
  for (const queue of queues) {
    all.push(await open({ client, history, missing, look, identify }, queue));
  }
  await until("tasks to return to their queues", history, () => missing.size === 0, {
    deadline: RETURN_DEADLINE,
  }).catch((error) => {
    if (!(error instanceof MissedDeadline)) throw error; // What never returns is lost.
  });
  for (const draining of all) await finish(draining, history);
}

/** What all queues of a drain have in common. */
interface Basin {
  client: Client;
  history: History;
  missing: Map<string, string>;
  look: (message: Message) => void;
  identify: Identify;
}

/** Begins to consume: everything is pushed that is there, or comes back while others are drained. */
async function open(basin: Basin, queue: string): Promise<Draining> {
  const { client, history, missing, look, identify } = basin;
  const channel = await (await client.connection()).createChannel();
  const take = (message: Message) => {
    const task = identify(message.properties);
    draining.found += 1;
    if (task !== null) missing.delete(task);
    history.record({ type: "drained", queue, task, redelivered: message.fields.redelivered });
    look(message);
    channel.ack(message);
  };
  const draining: Draining = { queue, channel, consumer: undefined, found: 0, take };
  if (!(await hasQueue(channel, queue))) {
    for (const [task, home] of missing) if (home === queue) missing.delete(task);
    return draining;
  }
  const { consumerTag } = await channel.consume(queue, (message) => message && take(message));
  draining.consumer = consumerTag;
  return draining;
}

async function finish(draining: Draining, history: History): Promise<void> {
  const { queue, channel, consumer, take } = draining;
  const gone = consumer === undefined || !(await hasQueue(channel, queue));
  if (!gone) {
    while ((await channel.checkQueue(queue)).messageCount > 0);
    // Its answer comes behind every delivery that went out before it.
    await channel.cancel(consumer);
    await getTheRest(channel, queue, take).catch(unlessLocked);
    await channel.close().catch(() => {}); // A refused `get` has closed it.
  }
  history.record({ type: "drain-finished", queue, found: draining.found, gone });
}

/** A quorum queue with a single active consumer refuses every `get`: what was consumed is all. */
function unlessLocked(error: unknown): void {
  if ((error as { code?: number }).code !== RESOURCE_LOCKED) throw error;
}

/** The exact part: one by one, until the queue itself says that it is empty. */
async function getTheRest(
  channel: Channel,
  queue: string,
  take: (message: Message) => void,
): Promise<void> {
  for (;;) {
    const message = await channel.get(queue);
    if (!message) return;
    take(message);
  }
}
