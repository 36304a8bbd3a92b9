import { type Spread, spread } from "../../../harness/scenario/ratio.ts";
import type { MemoryRun } from "./memory.ts";
import { compare, type Round } from "./rounds.ts";
import type { Measure } from "./workload.ts";

/** One promised number, and what came of it. */
export interface Judgement {
  what: string;
  bound: string;
  /** The figure that is judged: a median over the rounds. */
  measured: number;
  unit: "" | " ms" | " MB";
  met: boolean;
}

const OF_DIRECT = 0.85;
const OF_HAPROXY = 1;
/** Milliseconds. */
const ADDED = 0.3;
/** Bytes, and what a megabyte is here. */
const GROWTH = 64_000_000;
export const MB = 1_000_000;

const THROUGHPUT: Measure[] = ["publish", "consume at prefetch 1", "consume at prefetch 100"];
const TRIPS: Measure[] = ["one publish and its confirm", "one ack and the next delivery"];

/** Holds the rounds at 1 KiB against the numbers. Without haproxy, its numbers are not judged. */
export function judgeRounds(rounds: readonly Round[]): Judgement[] {
  return [
    ...THROUGHPUT.flatMap((measure) => atLeast(rounds, measure, "direct", OF_DIRECT)),
    ...THROUGHPUT.flatMap((measure) => atLeast(rounds, measure, "haproxy", OF_HAPROXY)),
    ...TRIPS.map((measure) => {
      const { median } = addedTrip(rounds, measure);
      const bound = `at most ${ADDED} ms`;
      return {
        what: `added to ${measure}`,
        bound,
        measured: median,
        unit: " ms" as const,
        met: median <= ADDED,
      };
    }),
  ];
}

export function judgeMemory({ messages, start, peak }: MemoryRun): Judgement {
  return {
    what: `memory above the start, over ${messages.toLocaleString("en")} messages`,
    bound: `under ${GROWTH / MB} MB`,
    measured: (peak - start) / MB,
    unit: " MB",
    met: peak - start < GROWTH,
  };
}

/** Milliseconds that the link adds to a round trip: the difference of the medians of each round. */
export function addedTrip(rounds: readonly Round[], measure: Measure): Spread {
  return spread(
    compare(rounds, measure, ["link", "direct"], (link, direct) => link.trip - direct.trip),
  );
}

function atLeast(
  rounds: readonly Round[],
  measure: Measure,
  other: "direct" | "haproxy",
  bound: number,
): Judgement[] {
  const ratios = compare(rounds, measure, ["link", other], (one, two) => one.rate / two.rate);
  if (ratios.length === 0) return [];
  const { median } = spread(ratios);
  const what = `${measure}, link / ${other}`;
  const met = median >= bound;
  return [{ what, bound: `at least ${bound.toFixed(2)}`, measured: median, unit: "", met }];
}
