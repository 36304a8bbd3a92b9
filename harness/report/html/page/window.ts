import type { ExperimentView, FaultBand } from "../data.ts";

/** A stretch of time: milliseconds since the run began. */
export type Window = readonly [from: number, to: number];

const LEAST = 1;

/** Time to look at, with some air at both ends. */
export function around([from, to]: Window, share = 0.04): Window {
  const air = Math.max((to - from) * share, LEAST / 2);
  return [from - air, to + air];
}

export function trafficWindow({ traffic, faults }: ExperimentView): Window {
  const ends = faults.flatMap(({ from, to }) => [from, to]);
  return around([Math.min(traffic[0], ...ends), Math.max(traffic[1], ...ends)]);
}

export function faultWindow({ from, to }: FaultBand): Window {
  return around([from, Math.max(to, from + 20)], 0.75);
}

export function lifeWindow({ events, lives }: ExperimentView, life: number): Window | undefined {
  const times = lives[life]?.events.flatMap((index) => events[index]?.at ?? []) ?? [];
  return times.length === 0 ? undefined : around([Math.min(...times), Math.max(...times)], 0.08);
}

export function zoomed([from, to]: Window, factor: number): Window {
  const middle = (from + to) / 2;
  const half = Math.max(((to - from) / 2) * factor, LEAST / 2);
  return [middle - half, middle + half];
}

export function moved([from, to]: Window, share: number): Window {
  const by = (to - from) * share;
  return [from + by, to + by];
}
