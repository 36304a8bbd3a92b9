import { rotated } from "../rotated.ts";
import type { Timing } from "./load.ts";
import type { Path, Topology } from "./topology.ts";
import { type Measure, stepsOf, type Workload } from "./workload.ts";

/** What one round measured: the same work on each path, one after the other. */
export type Round = Map<Measure, Map<Path, Timing>>;

/**
 * Does the work once on each path, step by step, so that the timings of a step are moments apart:
 * what the machine does meanwhile strikes all paths alike. Who goes first changes with the round.
 */
export async function runRound(
  topology: Topology,
  workload: Workload,
  number: number,
): Promise<Round> {
  const paths = rotated([...topology.addresses], number);
  const places = paths.map(([path, address]) => ({
    path,
    at: { address, queue: `bench-${path}` },
  }));
  const round: Round = new Map();
  for (const [measure, run] of stepsOf(workload)) {
    const timings = new Map<Path, Timing>();
    for (const { path, at } of places) timings.set(path, await run(topology.load, at));
    round.set(measure, timings);
  }
  for (const { at } of places) await topology.load.ask("deleteQueue", at);
  return round;
}

/** A figure of each round on one path, as one on another. Rounds without either are left out. */
export function compare(
  rounds: readonly Round[],
  measure: Measure,
  [path, other]: [Path, Path],
  figure: (timing: Timing, other: Timing) => number,
): number[] {
  return rounds.flatMap((round) => {
    const [one, two] = [round.get(measure)?.get(path), round.get(measure)?.get(other)];
    return one && two ? [figure(one, two)] : [];
  });
}
