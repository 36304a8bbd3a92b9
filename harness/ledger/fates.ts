import type { Settlement } from "./delivery.ts";
import type { Publish } from "./publish.ts";
import { bestOutcome } from "./publish.ts";
import type { Queue, Queues } from "./queues.ts";
import type { Task } from "./task.ts";

/** What became of a task. */
export type Fate =
  | "completed"
  | "duplicated"
  | "parked"
  | "discarded"
  | "remaining"
  | "lost"
  | "unexpected"
  | "recovered";

/**
 * The fate of a task; null for one that has none: not confirmed, and nobody saw it again. Sound
 * once every queue has been drained.
 *
 * A task that nobody can do (`task-poisoned`) is `discarded`, and not lost, when a subject acked it
 * or rejected it for good and no parking queue has it: the subject has dropped it on purpose, as a
 * policy would. One that came with automatic acks nobody decided about: it is lost like any other.
 *
 * @param unobserved where nobody sees effects, a task counts as completed when its subject acked it.
 */
export function fateOf(task: Task, queues: Queues, unobserved = false): Fate | null {
  if (!task.published) return task.surfaced ? "unexpected" : null;
  if (bestOutcome(task.publishes) === "confirmed") {
    return fateOfConfirmed(task, queues, unobserved);
  }
  return task.surfaced && !isOnlyReturned(task) ? "recovered" : null;
}

/** A returned publish was stored nowhere; another one of the same task may have been. */
export function isOnlyReturned(task: Task): boolean {
  return task.published && task.publishes.every((publish) => publish.returned);
}

/** From the fate that explains most to the one that is left. */
function fateOfConfirmed(task: Task, queues: Queues, unobserved: boolean): Fate {
  if (task.effects >= 2) return "duplicated";
  if (task.drainedFrom.some((queue) => !queues.isParking(queue))) return "remaining";
  if (task.drainedFrom.length > 0) return "parked";
  if (task.effects === 1) return "completed";
  if (task.poisoned && task.settlements.some(isOnPurpose)) return "discarded";
  if (unobserved && isAcked(task)) return "completed";
  return isDiscarded(task, queues) ? "discarded" : "lost";
}

function isOnPurpose({ how }: Settlement): boolean {
  return how === "acked" || how === "rejected";
}

/** With automatic acks it is, once it was sent; a forged ack is none until the subject's own. */
function isAcked(task: Task): boolean {
  if (task.forged.some((delivery) => delivery.answered)) return true;
  return task.settlements.some(({ how }) => how === "acked" || how === "automatic");
}

/** Could a declared policy, or a purge, have taken it? Not what a subject took for itself. */
function isDiscarded(task: Task, queues: Queues): boolean {
  return placesOf(task, queues).some((queue) => discards(queue, task.publishes));
}

/** Was it, as far as we know, a purge alone that took it? Returns the queues purged. */
export function purgesOf(task: Task, queues: Queues): Queue[] {
  const places = placesOf(task, queues).filter((queue) => discards(queue, task.publishes));
  return places.every((queue) => !hasPolicy(queue)) ? places : [];
}

/** The queues from which the broker may have dropped it. */
function placesOf(task: Task, queues: Queues): Queue[] {
  if (task.settlements.some((end) => end.how !== "rejected")) return [];
  if (task.settlements.length > 0) return queues.all().filter(({ name }) => queues.isParking(name));
  const names = new Set(task.publishes.map((publish) => publish.queue));
  if (names.has(null)) return queues.all().filter(({ name }) => !queues.isParking(name));
  return queues.all().filter(({ name }) => names.has(name));
}

function discards(queue: Queue, publishes: readonly Publish[]): boolean {
  if (hasPolicy(queue)) return true;
  const { lastPurge } = queue;
  return lastPurge !== null && publishes.some(({ seq }) => seq < lastPurge);
}

/** A declared purge is no policy of its own: the purge tells how many it took. */
function hasPolicy({ declared }: Queue): boolean {
  return declared?.discards.some((discard) => discard !== "purge") ?? false;
}
