import type { Findings } from "./proceedings.ts";
import { failure } from "./trials/failure.ts";
import { poison } from "./trials/poison.ts";

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

/**
 * To drop a task that nobody can do is a policy, and no loss. Whoever holds a dead-letter queue for
 * such a task should know that it never comes there.
 */
export function dropped({ trials }: Pick<Findings, "trials">): string[] {
  const { account } = trials.find(({ name }) => name === poison.name) ?? {};
  const discarded = account?.discarded ?? 0;
  if (discarded === 0) return [];
  const tasks = discarded === 1 ? "1 task was" : `${discarded} tasks were`;
  return [
    `In ${poison.name}, ${tasks} acked undone, or rejected where nothing is dead-lettered, and no queue has kept it. Where somebody is to look at such a task, reject it without requeue, to a queue that dead-letters it.`,
  ];
}
