import type { Findings } from "./proceedings.ts";
import { failure } from "./trials/failure.ts";

/**
 * A task that was put aside although the next try would have done it is not lost: somebody may work
 * off the dead-letter queue, and then that is a way to retry. Nobody is convicted of it.
 */
export function putAside({ trials }: Pick<Findings, "trials">): string[] {
  const { account } = trials.find(({ name }) => name === failure.name) ?? {};
  const parked = account?.parked ?? 0;
  if (parked === 0) return [];
  const tasks = parked === 1 ? "1 task was" : `${parked} tasks were`;
  return [
    `In ${failure.name}, ${tasks} dead-lettered, though the next try would have done it. Where nobody works off the dead-letter queue, requeue what failed for a moment, or send it round by a queue with a delay.`,
  ];
}
