import type { Event } from "../history/event.ts";
import type { Conviction } from "../ledger/convictions.ts";
import { WORKER } from "./stand.ts";

/** What the wire shows of how a worker works, when nothing happens to it. */
export interface Profile {
  /** Has it sent an ack? */
  acks: boolean;
  /** Does it ack before the effect is done, or let the broker do so? */
  acksEarly: boolean;
  /** Has it no say in its end when it is sent SIGTERM? */
  diesOfSigterm: boolean;
  /** How many unacked tasks it lets the broker send; 0 is no limit. */
  prefetch: number;
  publishes: boolean;
  /** Does it ask for confirms of what it publishes? */
  confirms: boolean;
}

export function profileOf(history: readonly Event[], convictions: readonly Conviction[]): Profile {
  const own = history.filter((event) => "subject" in event && event.subject === WORKER);
  const has = (type: Event["type"]) => own.some((event) => event.type === type);
  const consuming = own.find((event) => event.type === "consuming");
  return {
    acks: has("acked"),
    acksEarly: convictions.some(({ kind }) => kind === "at risk"),
    diesOfSigterm: own.some(
      (event) => event.type === "process-exited" && event.signal === "SIGTERM",
    ),
    prefetch: consuming?.type === "consuming" ? consuming.prefetch : 0,
    publishes: has("published"),
    confirms: has("confirms-selected"),
  };
}
