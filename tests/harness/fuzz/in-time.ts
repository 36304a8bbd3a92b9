import { runInNewContext } from "node:vm";

/**
 * Does work that never yields, and breaks it off where it does not end: a test's own timeout can't,
 * since nothing else runs meanwhile.
 *
 * @throws Error (`ERR_SCRIPT_EXECUTION_TIMEOUT`) after `deadline` milliseconds.
 */
export function inTime(deadline: number, work: () => void): void {
  runInNewContext("work()", { work }, { timeout: deadline });
}

/** Milliseconds of processor time that some work takes, whatever else the machine is doing. */
export function processorTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
