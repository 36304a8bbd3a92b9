import type { Fate } from "../../ledger/fates.ts";
import { type Departure, departuresOf } from "./departures.ts";
import type { Evidence } from "./evidence.ts";
import type { Tale } from "./tale.ts";

/** `none`: not confirmed, and nobody saw it again. */
export type Ending = Fate | "none";

/** What the documentation permits to become of one task, and what permits it. */
export interface Permitted {
  endings: ReadonlySet<Ending>;
  departures: readonly Departure[];
}

/** From what was promised to a task, and what happened to it, to the fates that it may have. */
export function permittedFor(evidence: Evidence, tale: Tale): Permitted {
  const departures = departuresOf(evidence, tale);
  return { endings: new Set(endingsOf(evidence, tale, departures)), departures };
}

function endingsOf(evidence: Evidence, tale: Tale, departures: Departure[]): Ending[] {
  const { publishes } = tale;
  if (publishes.length === 0) return ["none"]; // Nobody published it.
  if (publishes.some(({ answer }) => answer === "confirmed")) {
    return [...stored(evidence, tale), ...departed(departures)];
  }
  // A broker that is ending may refuse, or answer for nothing, what it has stored all the same.
  const isSure = !evidence.wasDownAfter(publishes[0]?.seq ?? 0);
  if (isSure && publishes.every(({ answer }) => answer === "returned" || answer === "refused")) {
    return ["none"];
  }
  return ["none", "recovered"];
}

/** It was there for whoever asked for it. */
function stored(evidence: Evidence, { deliveries }: Tale): Ending[] {
  const isServed = evidence.chronicle.serving.length > 0;
  return [
    "completed",
    ...(isServed ? [] : (["remaining"] as const)),
    ...(deliveries.length > 1 ? (["duplicated"] as const) : []),
  ];
}

function departed(departures: readonly Departure[]): Ending[] {
  const ends = new Set(departures.flatMap(({ leadsTo }) => leadsTo));
  return [
    ...(ends.has("nowhere") ? (["lost", "discarded"] as const) : []),
    ...(ends.has("dead") ? (["parked"] as const) : []),
  ];
}
