import { isWithin } from "../../harness/report/benchmark-words.ts";
import type { Bound, Figure, Unit } from "../../harness/report/benchmarks.ts";
import { spread } from "../../harness/scenario/ratio.ts";

/** What a benchmark has measured, round by round. */
export interface Sample {
  what: string;
  unit: Unit;
  rounds: readonly number[];
  bound?: Bound;
  /** False where there was too little work to hold it against the bound. */
  isJudged?: boolean;
}

/** The same with its median, which is what the bound is about. */
export function figureOf(benchmark: string, sample: Sample): Figure {
  const { what, unit, rounds, bound = null, isJudged = true } = sample;
  const { lowest, median, highest } = spread(rounds);
  const met = bound === null || !isJudged ? null : isWithin(median, bound);
  return { benchmark, what, unit, rounds: [...rounds], lowest, median, highest, bound, met };
}

export const atLeast = (value: number): Bound => ({ is: "at least", value });
export const atMost = (value: number): Bound => ({ is: "at most", value });
export const under = (value: number): Bound => ({ is: "under", value });
