import type { Event } from "../history/event.ts";
import { WORKER } from "./stand.ts";

/** What the wire shows of how a worker works, when nothing happens to it. */
export interface Profile {
  /** Has it sent an ack? */
  acks: boolean;
  /** How many unacked tasks it lets the broker send; 0 is no limit. */
  prefetch: number;
  publishes: boolean;
  /** Does it ask for confirms of what it publishes? */
  confirms: boolean;
}

export function profileOf(history: readonly Event[]): Profile {
  const own = history.filter((event) => "subject" in event && event.subject === WORKER);
  const has = (type: Event["type"]) => own.some((event) => event.type === type);
  const consuming = own.find((event) => event.type === "consuming");
  return {
    acks: has("acked"),
    prefetch: consuming?.type === "consuming" ? consuming.prefetch : 0,
    publishes: has("published"),
    confirms: has("confirms-selected"),
  };
}
