import type { EventOf } from "../history/event.ts";

export type PublishOutcome = "confirmed" | "returned" | "refused" | "unknown";

/** One publish of a task. */
export interface Publish {
  readonly subject: string;
  readonly connection: number;
  readonly channel: number;
  /** What a confirm would name; null where the channel gives none. */
  readonly tag: number | null;
  readonly mandatory: boolean;
  readonly persistent: boolean;
  /** The queue that the default exchange routes it to; null through any other exchange. */
  readonly queue: string | null;
  readonly seq: number;
  /** False if a fault kept it from the broker. */
  readonly sent: boolean;
  returned: boolean;
  answered: boolean;
  outcome: PublishOutcome;
}

export function publishFrom(event: EventOf<"published">): Publish {
  return {
    subject: event.subject,
    connection: event.connection,
    channel: event.channel,
    tag: event.tag,
    mandatory: event.mandatory,
    persistent: event.persistent,
    queue: event.exchange === "" ? event.routingKey : null,
    seq: event.seq,
    sent: event.dropped !== true,
    returned: false,
    answered: false,
    outcome: "unknown",
  };
}

/** From the best evidence of a publish to the least. */
const BEST_FIRST: readonly PublishOutcome[] = ["confirmed", "returned", "refused", "unknown"];

/** The best evidence over all publishes of one task. */
export function bestOutcome(publishes: readonly Publish[]): PublishOutcome {
  for (const outcome of BEST_FIRST) {
    if (publishes.some((publish) => publish.outcome === outcome)) return outcome;
  }
  return "unknown";
}
