import type { Channel, Message } from "amqplib";
import type { History } from "../history/history.ts";
import { MissedDeadline, until } from "../until.ts";
import type { Client } from "./client.ts";

const NOT_FOUND = 404;
const RESOURCE_LOCKED = 405;

/** How long a task that is on its way back to its queue may take to get there. */
const RETURN_DEADLINE = 5_000;

/**
 * Consumes everything that is left in a queue, and says so for each message. It ends when every
 * task that is on its way back has come, and the broker has answered a `get` with "empty".
 *
 * The queue's count ends nothing: a quorum queue that has just been recovered reports 0 and has
 * messages, and one that reports 0 may still be delivering.
 */
export async function drain(
  client: Client,
  history: History,
  queue: string,
  returning: ReadonlySet<string>,
): Promise<void> {
  const channel = await (await client.connection()).createChannel();
  channel.on("error", () => {}); // A missing queue closes the channel; that is an answer here.
  const missing = new Set(returning);
  let found = 0;
  const take = (message: Message) => {
    const task: string | null = message.properties.messageId ?? null;
    found += 1;
    if (task !== null) missing.delete(task);
    history.record({ type: "drained", queue, task, redelivered: message.fields.redelivered });
    channel.ack(message);
  };
  const gone = !(await exists(channel, queue));
  if (!gone) {
    await consumeMost(channel, history, queue, missing, take);
    await getTheRest(channel, queue, take).catch(unlessLocked);
    await channel.close().catch(() => {}); // A refused `get` has closed it.
  }
  history.record({ type: "drain-finished", queue, found, gone });
}

async function exists(channel: Channel, queue: string): Promise<boolean> {
  try {
    await channel.checkQueue(queue);
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return false;
    throw error;
  }
}

/** A quorum queue with a single active consumer refuses every `get`: what was consumed is all. */
function unlessLocked(error: unknown): void {
  if ((error as { code?: number }).code !== RESOURCE_LOCKED) throw error;
}

/** The fast part: everything that is pushed while something is known to be there. */
async function consumeMost(
  channel: Channel,
  history: History,
  queue: string,
  missing: ReadonlySet<string>,
  take: (message: Message) => void,
): Promise<void> {
  const { consumerTag } = await channel.consume(queue, (message) => message && take(message));
  await until("tasks to return to their queue", history, () => missing.size === 0, {
    deadline: RETURN_DEADLINE,
  }).catch((error) => {
    if (!(error instanceof MissedDeadline)) throw error; // What never returns is lost.
  });
  while ((await channel.checkQueue(queue)).messageCount > 0);
  // Its answer comes behind every delivery that went out before it.
  await channel.cancel(consumerTag);
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
