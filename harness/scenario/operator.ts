import type { QueueType } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { OPERATOR } from "../ledger/subjects.ts";
import { until } from "../until.ts";
import type { Client } from "./client.ts";
import { closedByBroker, type Refusal } from "./views.ts";

export interface QueueSettings {
  type: QueueType;
  durable: boolean;
  arguments?: Record<string, unknown>;
}

/**
 * Declares a queue as any client would.
 *
 * @returns the broker's refusal, or undefined when it has the queue as asked for.
 */
export async function declareQueue(
  client: Client,
  history: History,
  queue: string,
  settings: QueueSettings,
): Promise<Refusal | undefined> {
  const since = history.events.length;
  const channel = await (await client.connection()).createChannel();
  channel.on("error", () => {}); // The refusal is read from the wire, where it has its words.
  try {
    await channel.assertQueue(queue, {
      durable: settings.durable,
      arguments: { "x-queue-type": settings.type, ...settings.arguments },
    });
    await channel.close();
    return undefined;
  } catch (cause) {
    await client.close();
    // amqplib tells a lost channel from a refused declaration by its words only. The wire knows.
    return until(
      `the broker's reason for refusing the queue ${queue} (${cause})`,
      history,
      () => closedByBroker(history.events.slice(since), OPERATOR)[0],
    );
  }
}
