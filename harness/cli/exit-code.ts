import type { SpecResult } from "../report/result.ts";

/**
 * What a command's exit code says:
 * 0 all held, 1 a promise or a test is broken, 2 an experiment proved nothing, 3 the machine could
 * not do it.
 */
export type ExitCode = 0 | 1 | 2 | 3;

export const SETUP: ExitCode = 3;

const CODES: Record<SpecResult["outcome"], ExitCode> = {
  held: 0,
  broken: 1,
  inconclusive: 2,
  setup: 3,
  "not-applicable": 0,
};

/**
 * The worst first. A machine that can't run the experiments comes before everything: on a full
 * disk or a dying engine a promise may only seem to be broken. A broken promise comes before a
 * doubt about another: the doubt does not mend it.
 */
const WORST_FIRST: readonly ExitCode[] = [3, 1, 2];

export function exitCodeOf(outcome: SpecResult["outcome"]): ExitCode {
  return CODES[outcome];
}

/** The worst of some exit codes; 0 of none. */
export function worstOf(codes: Iterable<ExitCode>): ExitCode {
  const seen = new Set(codes);
  return WORST_FIRST.find((code) => seen.has(code)) ?? 0;
}
