import type { Density } from "../data.ts";

const BINS = 400;

/** Counts the events of what went well, by lane and time. */
export class Densities {
  readonly width: number;
  readonly #from: number;
  readonly #lanes = new Map<string, Map<number, number>>();

  constructor([from, to]: readonly [number, number]) {
    this.#from = from;
    this.width = Math.max((to - from) / BINS, 0.001);
  }

  add(lane: string, at: number, count = 1): void {
    const bins = this.#lanes.get(lane) ?? new Map<number, number>();
    this.#lanes.set(lane, bins);
    const bin = Math.min(BINS - 1, Math.floor((at - this.#from) / this.width));
    bins.set(bin, (bins.get(bin) ?? 0) + count);
  }

  result(indexOf: ReadonlyMap<string, number>): Density[] {
    return [...this.#lanes].flatMap(([key, bins]) => {
      const lane = indexOf.get(key);
      const counts = [...bins].sort(([a], [b]) => a - b).flat();
      return lane === undefined ? [] : [{ lane, counts }];
    });
  }
}
