import type { Channel, Message } from "amqplib";
import { hasQueue } from "../broker/has-queue.ts";
import type { History } from "../history/history.ts";
import { MissedDeadline, until, untilAnswered } from "../until.ts";
import type { Client } from "./client.ts";

const RESOURCE_LOCKED = 405;

/** How long a task that is on its way back to its queue may take to get there. */
const RETURN_DEADLINE = 5_000;

type Identify = (properties: Message["properties"]) => string | null;

const idOf: Identify = ({ messageId }) => messageId ?? null;

/** One queue on its way to being empty. */
interface Draining {
  queue: string;
  channel: Channel;
  /** Undefined once the broker no longer has the queue. */
  consumer: string | undefined;
  found: number;
  take(message: Message): void;
}

export interface DrainOptions {
  /** Is shown each message, in the order of its queue. */
  look?: ((message: Message) => void) | undefined;
  /** Reads the id of the task that a message is; its `messageId` when left out. */
  identify?: Identify;
  /**
   * In a cluster: the tasks that must still be somewhere. A quorum queue sends to a consumer from
   * the replica on its node. Where that one is behind, the consumer can be cancelled, and a `get`
   * answered with "empty", before what was handed to it has come.
   */
  owed?: readonly string[];
}

/**
 * Consumes everything that is left in the queues, and says so for each message. It ends when every
 * task that is on its way back has come, into whichever of them, and the broker has answered a
 * `get` from each with "empty".
 *
 * The queue's count ends nothing: a quorum queue that has just been recovered reports 0 and has
 * messages, and one that reports 0 may still be delivering.
 *
 * @param returning the tasks on their way back, each with its queue.
 */
export async function drain(
  client: Client,
  history: History,
  queues: readonly string[],
  returning: ReadonlyMap<string, string>,
  { look = () => {}, identify = idOf, owed = [] }: DrainOptions = {},
): Promise<void> {
  const missing = new Map(returning);
  const basin = { client, history, missing, owed: new Set(owed), look, identify };
  const all: Draining[] = [];
  for (const queue of queues) all.push(await open(basin, queue));
  await until("tasks to return to their queues", history, () => missing.size === 0, {
    deadline: RETURN_DEADLINE,
  }).catch(unlessMissed); // What never returns is lost.
  for (const draining of all) await empty(draining);
  await takeOwed(basin, all);
  for (const { queue, found, consumer } of all) {
    history.record({ type: "drain-finished", queue, found, gone: consumer === undefined });
  }
}

/** What all queues of a drain have in common. */
interface Basin {
  client: Client;
  history: History;
  missing: Map<string, string>;
  owed: Set<string>;
  look: (message: Message) => void;
  identify: Identify;
}

/** Begins to consume: everything is pushed that is there, or comes back while others are drained. */
async function open(basin: Basin, queue: string): Promise<Draining> {
  const { client, history, missing, owed, look, identify } = basin;
  const channel = await (await client.connection()).createChannel();
  const take = (message: Message) => {
    const task = identify(message.properties);
    draining.found += 1;
    if (task !== null) {
      missing.delete(task);
      owed.delete(task);
    }
    history.record({ type: "drained", queue, task, redelivered: message.fields.redelivered });
    look(message);
    draining.channel.ack(message);
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

/** Ends its consumer, and takes what that one was not sent. */
async function empty(draining: Draining): Promise<void> {
  const { queue, channel, consumer, take } = draining;
  if (consumer === undefined) return;
  if (!(await hasQueue(channel, queue))) {
    draining.consumer = undefined;
    return;
  }
  while ((await channel.checkQueue(queue)).messageCount > 0);
  // Its answer comes behind every delivery that went out before it.
  await channel.cancel(consumer);
  await getTheRest(channel, queue, take).catch(unlessLocked);
  await channel.close().catch(() => {}); // A refused `get` has closed it.
}

/** What was handed to a consumer and has not come goes back when its channel ends. */
async function takeOwed({ client, owed }: Basin, all: readonly Draining[]): Promise<void> {
  const there = all.filter(({ consumer }) => consumer !== undefined);
  if (owed.size === 0 || there.length === 0) return;
  const channel = await (await client.connection()).createChannel();
  const takeAll = async () => {
    for (const draining of there) {
      draining.channel = channel; // The one on which each of them is acked.
      await getTheRest(channel, draining.queue, draining.take);
    }
    return owed.size === 0;
  };
  const what = "tasks to be handed out by a replica that is behind";
  await untilAnswered(what, takeAll, RETURN_DEADLINE).catch(unlessMissed).catch(unlessLocked);
  await channel.close().catch(() => {}); // A refused `get` has closed it.
}

/** A deadline that is missed says that no more comes. */
function unlessMissed(error: unknown): void {
  if (!(error instanceof MissedDeadline)) throw error;
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
