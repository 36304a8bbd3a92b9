import type { Cause } from "./bad-ends.ts";
import type { Delivery } from "./delivery.ts";
import { endedWith, type Life } from "./lives.ts";
import { EFFECTS } from "./subjects.ts";
import type { Task } from "./task.ts";

/**
 * Why a task was done more than once: published again; done twice for one delivery; or done, and
 * delivered again for a reason that its record tells. Where it tells none, only that is said.
 */
export function causeOfDuplicate(task: Task, lives: readonly Life[]): Cause {
  if (task.publishes.length > 1) return { how: "published again" };
  const all = [...task.past, ...task.open];
  const twice = all.find(({ effects }) => effects > 1);
  const doubled = twice ?? all.find(({ subject }) => isOnlyBy(task, subject));
  if (doubled) return { how: "done twice", subject: doubled.subject };
  // An effect found afterwards belongs to no delivery in particular.
  const done = task.past.find(({ effects, loss }) => effects > 0 && loss !== null);
  return done ? causeOfLoss(done, lives) : { how: "redelivered" };
}

/** Was it delivered once, and done by nobody else, as far as anybody can tell? */
function isOnlyBy({ deliveries, doneBy, loggedBy }: Task, subject: string): boolean {
  if (deliveries !== 1) return false;
  return [...doneBy, ...loggedBy].every((by) => by === subject || by === EFFECTS);
}

/** How a delivery was lost whose effect was done. */
function causeOfLoss(delivery: Delivery, lives: readonly Life[]): Cause {
  const { loss, subject } = delivery;
  if (loss === null) return { how: "redelivered" };
  if (loss.how === "requeued") return { how: "requeued after the effect", subject };
  if (endedWith(delivery, lives)) return { how: "ended before its ack", subject };
  if (loss.by === "client" && loss.clean) return { how: "given up before its ack", subject };
  if (loss.how === "channel") return { how: "channel lost before its ack", subject };
  return { how: "cut off before its ack", subject };
}
