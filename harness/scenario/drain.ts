import type { Channel } from "amqplib";
import type { History } from "../history/history.ts";
import { MissedDeadline, until } from "../until.ts";
import type { Client } from "./client.ts";

const NOT_FOUND = 404;

/** How long a task that is on its way back to its queue may take to get there. */
const RETURN_DEADLINE = 5_000;

/**
 * Consumes everything that is left in a queue, and says so for each message. It ends when the
 * queue is empty and every task that is on its way back has come.
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
  const finish = (gone: boolean) => history.record({ type: "drain-finished", queue, found, gone });
  if (!(await exists(channel, queue))) {
    finish(true);
    return;
  }
  await channel.consume(queue, (message) => {
    if (!message) return;
    const task: string | null = message.properties.messageId ?? null;
    found += 1;
    if (task !== null) missing.delete(task);
    history.record({ type: "drained", queue, task, redelivered: message.fields.redelivered });
    channel.ack(message);
  });
  await until("tasks to return to their queue", history, () => missing.size === 0, {
    deadline: RETURN_DEADLINE,
  }).catch((error) => {
    if (!(error instanceof MissedDeadline)) throw error; // What never returns is lost.
  });
  await untilEmpty(channel, queue);
  await channel.close();
  finish(false);
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

/** Its answer comes on the consumer's channel, so behind every delivery that went out before it. */
async function untilEmpty(channel: Channel, queue: string): Promise<void> {
  while ((await channel.checkQueue(queue)).messageCount > 0);
}
