import { type Delivery, settlementOf } from "./delivery.ts";
import { underTest } from "./subjects.ts";
import type { Tasks } from "./tasks.ts";

/** The end of a delivery with automatic acks: its effect was done, or cannot come any more. */
export function endAutomatic(delivery: Delivery, tasks: Tasks, seq: number): void {
  delivery.channel.automatic.delete(delivery);
  if (delivery.task === null) return;
  delivery.task.settle(delivery, settlementOf(delivery, "automatic", seq));
  tasks.review(delivery.task);
}

/** The client sent an ack or a reject, which may yet be held, or dropped. */
export function answer(delivery: Delivery, isAck: boolean): void {
  if (delivery.answered) return;
  delivery.answered = true;
  delivery.early = isAck && isEarly(delivery);
}

/**
 * An ack is early while its effect is under way at the same subject, or was done by nobody. A
 * subject that published the task again before its ack has handed it on; one that acks a task that
 * nobody can do has dropped it knowingly.
 */
export function isEarly({ task, subject, seq, done }: Delivery): boolean {
  if (task === null || !underTest(subject)) return false;
  if (task.isUnderWayBy(subject)) return true;
  if (done || task.poisoned || task.doneBy.length > 0) return false;
  return !task.publishes.some((publish) => publish.subject === subject && publish.seq > seq);
}

/** Does an answer name the tasks of these deliveries, in whatever order? */
export function isSameTasks(
  deliveries: readonly Delivery[],
  ids: readonly (string | null)[],
): boolean {
  if (deliveries.length !== ids.length) return false;
  if (ids.length === 1) return ids[0] === (deliveries[0]?.task?.id ?? null);
  const named = new Set(ids);
  return deliveries.every(({ task }) => named.has(task?.id ?? null));
}
