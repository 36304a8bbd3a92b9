import type { EventOf, Moment } from "../history/event.ts";
import type { Holds } from "./holds.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";

/**
 * Is a moment proven by the other witnesses? `if-logged`: by the wire, and by the effect too if
 * the subject's effect log, read after its end, has the task.
 */
export type Proof = "proven" | "unproven" | "if-logged";

interface Scene {
  readonly task: Task;
  /** The subject that the fault is aimed at; null (the broker) stands for any. */
  readonly subject: string | null;
  readonly holds: Holds;
}

const PROOFS: Record<Moment, (scene: Scene) => Proof> = {
  now: () => "proven",
  delivered: (scene) => proven(isDelivered(scene)),
  "mid-task": ({ task, subject }) => proven(task.requests.some((one) => is(subject, one.subject))),
  "ack-held": proveAckHeld,
  "after-ack": ({ task, subject }) =>
    proven(task.settlements.some((end) => end.how === "acked" && is(subject, end.subject))),
  "publish-held": ({ task, subject, holds }) => proven(holds.isHeld("publish", task.id, subject)),
  "confirm-held": ({ task, subject, holds }) => proven(holds.isHeld("confirm", task.id, subject)),
};

/** Judges the moment that an injection claims, by what the history has told up to it. */
export function proofOf(injected: EventOf<"fault-injected">, tasks: Tasks, holds: Holds): Proof {
  if (injected.moment === "now") return "proven";
  if (injected.task === null) return "unproven";
  const task = tasks.named(injected.task);
  const subject = injected.target === "broker" ? null : injected.target;
  return PROOFS[injected.moment]({ task, subject, holds });
}

function isDelivered({ task, subject, holds }: Scene): boolean {
  const inHand = task.inHand.some((one) => is(subject, one.subject) && !one.requested);
  return inHand || holds.isHeld("delivery", task.id, subject);
}

function proveAckHeld({ task, subject, holds }: Scene): Proof {
  if (!holds.isHeld("ack", task.id, subject)) return "unproven";
  return task.doneBy.some((by) => is(subject, by)) ? "proven" : "if-logged";
}

function is(subject: string | null, other: string): boolean {
  return subject === null || subject === other;
}

function proven(holdsTrue: boolean): Proof {
  return holdsTrue ? "proven" : "unproven";
}
