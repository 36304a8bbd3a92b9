const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Estimates are no better than that. */
const STEP = 5 * SECOND;

/** `41 s`, `3 min 20 s`, from milliseconds. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / SECOND);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * `about 40 s left`, no finer than it can be known; nothing where it can't, or where things take
 * longer than they were thought to.
 */
export function timeLeft(milliseconds: number | undefined): string[] {
  if (milliseconds === undefined || !Number.isFinite(milliseconds)) return [];
  if (milliseconds < SECOND) return [];
  if (milliseconds < 2 * STEP) return ["a few seconds left"];
  const steps = Math.ceil(milliseconds / STEP) * STEP;
  if (steps < 2 * MINUTE) return [`about ${steps / SECOND} s left`];
  return [`about ${Math.ceil(milliseconds / MINUTE)} min left`];
}

/** What runs, a line: `   4 s  SIGKILL, mid-task`. Where it is cut, the time is still there. */
export function runningLine(milliseconds: number, what: string): string {
  return `  ${elapsed(milliseconds).padStart(4)}  ${what}`;
}

/** The mean of some figures; undefined where there are none. */
export function mean(figures: readonly number[]): number | undefined {
  if (figures.length === 0) return undefined;
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}
