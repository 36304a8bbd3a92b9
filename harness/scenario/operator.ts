import type { Event, EventOf, QueueType } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { OPERATOR } from "../ledger/subjects.ts";
import type { Client } from "./client.ts";

export interface QueueSettings {
  type: QueueType;
  durable: boolean;
  arguments?: Record<string, unknown>;
}

/** How a broker says no, as the wire saw it. */
export interface Refusal {
  scope: "channel" | "connection";
  code: number;
  text: string;
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
  } catch (error) {
    await client.close();
    const refusal = history.events.slice(since).map(asRefusal).find(Boolean);
    if (!refusal) throw error;
    return refusal;
  }
}

type Closed = EventOf<"channel-closed"> | EventOf<"connection-closed">;

function asRefusal(event: Event): Refusal | undefined {
  if (!isRefusal(event)) return undefined;
  const scope = event.type === "channel-closed" ? "channel" : "connection";
  return { scope, code: event.code ?? 0, text: event.text ?? "" };
}

function isRefusal(event: Event): event is Closed {
  if (event.type !== "channel-closed" && event.type !== "connection-closed") return false;
  return event.subject === OPERATOR && event.by === "broker";
}
