import type { FaultName } from "../history/event.ts";
import { type Availability, type FaultGaps, type Gap, longest } from "../ledger/availability.ts";
import { seconds } from "./text.ts";

/** Faults of one subject alone: the broker and the network serve everyone else meanwhile. */
const OF_SUBJECTS: readonly FaultName[] = ["worker-kill", "producer-kill"];

/** Milliseconds. What is less would be told as 0.0 s. */
const WORTH_TELLING = 50;

/**
 * How long faults of the broker, a node or the network kept confirms and deliveries away, at the
 * longest: `no confirm for 1.2 s, no delivery for 0.8 s`. Empty where there was no such fault, or
 * nothing to tell of it.
 */
export function availabilityInWords({ faults }: Availability): string {
  return inWords(faults.filter(isOutage));
}

/** A line for each such fault of which there is something to tell. */
export function availabilityLines({ faults }: Availability): string[] {
  return faults.filter(isOutage).flatMap((one) => {
    const words = inWords([one]);
    return words === "" ? [] : [`fault ${one.injection} (${one.fault} of ${one.target}): ${words}`];
  });
}

function isOutage({ fault }: FaultGaps): boolean {
  return !OF_SUBJECTS.includes(fault);
}

function inWords(faults: readonly FaultGaps[]): string {
  const confirms = longest(faults.map((one) => one.confirms));
  const deliveries = longest(faults.map((one) => one.deliveries));
  return [...gapInWords("confirm", confirms), ...gapInWords("delivery", deliveries)].join(", ");
}

function gapInWords(what: string, gap: Gap): string[] {
  if (gap === "unending") return [`no ${what} any more`];
  return gap === null || gap < WORTH_TELLING ? [] : [`no ${what} for ${seconds(gap)}`];
}
