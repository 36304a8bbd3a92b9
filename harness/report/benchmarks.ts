/**
 * What benchmarks have measured, as plain data: it is saved as it is here, and shown from there. The
 * medians stand beside the figures that they are of, so that whoever shows them has no sums to do.
 */
export interface BenchmarkReport {
  /** The command that measures the same again. */
  rerun: string;
  startedAt: string;
  /** Milliseconds of all benchmarks together. */
  took: number;
  /** A smoke run, whose figures say little. */
  quick: boolean;
  machine: Machine;
  figures: Figure[];
  /** Benchmarks that could not measure, and why. */
  failed: { benchmark: string; reason: string }[];
}

/** What it was measured on. */
export interface Machine {
  cores: number;
  /** The processor's name, where the system tells it. */
  cpu?: string;
  /** Of the last minute before anything was measured: how many wanted a core at a time. */
  load: number;
  node: string;
  /** Absent where no benchmark needed one. */
  broker?: { version: string; image: string };
}

/** One figure over all rounds of a benchmark. */
export interface Figure {
  benchmark: string;
  what: string;
  unit: Unit;
  /** Of each round, in order. */
  rounds: number[];
  lowest: number;
  median: number;
  highest: number;
  /** The number that is promised; null where none is. */
  bound: Bound | null;
  /** Null where nothing is promised, or there was too little work to judge it by. */
  met: boolean | null;
}

/** Nothing stands for a ratio, or any other bare number. */
export type Unit = "" | "/s" | "s" | "ms" | "B" | "MB";

export interface Bound {
  is: "at least" | "at most" | "under";
  value: number;
}

/** Was any promised number missed? */
export function isMissed({ figures }: Pick<BenchmarkReport, "figures">): boolean {
  return figures.some(({ met }) => met === false);
}
