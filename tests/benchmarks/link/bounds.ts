import { type Spread, spread } from "../../../harness/scenario/ratio.ts";
import { atLeast, atMost, type Sample, under } from "../sample.ts";
import type { MemoryRun } from "./memory.ts";
import { compare, type Round } from "./rounds.ts";
import type { Path } from "./topology.ts";
import type { Measure } from "./workload.ts";

const OF_DIRECT = atLeast(0.85);
const OF_HAPROXY = atLeast(1);
/** Milliseconds. */
const ADDED = atMost(0.3);
/** What a megabyte is here, and how many of them are under the bound. */
export const MB = 1_000_000;
const GROWTH = under(64);

const THROUGHPUT: Measure[] = ["publish", "consume at prefetch 1", "consume at prefetch 100"];
const TRIPS: Measure[] = ["one publish and its confirm", "one ack and the next delivery"];

/**
 * The figures of one size. Without haproxy, there are none of it.
 *
 * @param isJudged the numbers are promised for this size.
 */
export function samplesOf(size: string, rounds: readonly Round[], isJudged: boolean): Sample[] {
  const all = [
    ...THROUGHPUT.flatMap((measure) => ratio(rounds, measure, "direct", OF_DIRECT)),
    ...THROUGHPUT.flatMap((measure) => ratio(rounds, measure, "haproxy", OF_HAPROXY)),
    ...TRIPS.flatMap((measure) => trip(rounds, measure)),
  ];
  return all.map(({ what, bound: promised, ...sample }) => {
    const bound = isJudged && promised ? { bound: promised } : {};
    return { what: `${size}: ${what}`, ...sample, ...bound };
  });
}

export function memorySample({ messages, start, peak }: MemoryRun): Sample {
  return {
    what: `memory above the start, over ${messages.toLocaleString("en-US")} messages`,
    unit: "MB",
    rounds: [(peak - start) / MB],
    bound: GROWTH,
  };
}

/** Milliseconds that the link adds to a round trip: the difference of the medians of each round. */
export function addedTrip(rounds: readonly Round[], measure: Measure): Spread {
  return spread(addedTrips(rounds, measure));
}

function addedTrips(rounds: readonly Round[], measure: Measure): number[] {
  return compare(rounds, measure, ["link", "direct"], (link, direct) => link.trip - direct.trip);
}

function trip(rounds: readonly Round[], measure: Measure): Sample[] {
  const added = addedTrips(rounds, measure);
  if (added.length === 0) return [];
  return [{ what: `added to ${measure}`, unit: "ms", rounds: added, bound: ADDED }];
}

function ratio(
  rounds: readonly Round[],
  measure: Measure,
  other: Path,
  bound: NonNullable<Sample["bound"]>,
): Sample[] {
  const ratios = compare(rounds, measure, ["link", other], (one, two) => one.rate / two.rate);
  if (ratios.length === 0) return [];
  return [{ what: `${measure}, link / ${other}`, unit: "", rounds: ratios, bound }];
}
