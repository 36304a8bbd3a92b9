import type { Met } from "./machine.ts";
import type { Options } from "./options.ts";
import type { Sample } from "./sample.ts";

/** What a benchmark is given: what it was asked for, and whom it tells of the broker it measures. */
export interface Bench {
  options: Options;
  met: Met;
}

/**
 * Measures, says how it goes, and returns its figures.
 *
 * @throws {SetupError} where the machine can't do it.
 */
export type Benchmark = (bench: Bench) => Promise<Sample[]>;
