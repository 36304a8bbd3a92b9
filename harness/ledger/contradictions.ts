import { type Group, Grouped } from "./grouped.ts";
import { counted, tasksNamed } from "./words.ts";

/**
 * Witnesses that cannot all be right. Each kind has one sentence; any of them makes a run
 * inconclusive, because a fault of the harness must never be reported as one of the broker's or
 * the worker's.
 */
const SENTENCES = {
  gap: ({ about, count }) =>
    `The history is not whole: ${about}${count > 1 ? `, and ${count - 1} more such` : ""}.`,
  backwards: ({ about, count }) =>
    `Time runs backwards in the history: ${about}${count > 1 ? `, and ${count - 1} more such` : ""}.`,
  "protocol-violation": ({ about }) => `Not AMQP on the wire: ${about}.`,
  "delivered-after-close": ({ about, count }) =>
    `${counted(count, "message")} delivered to ${about} on a connection that was already closed.`,
  "wrong-answer": ({ about, count }) =>
    `${counted(count, "answer")} by ${about} name other tasks than those unacked under the tag.`,
  "confirm-of-nothing": ({ about, count }) =>
    `${counted(count, "confirm or nack")} to ${about} named no publish that reached the broker.`,
  "returned-yet-stored": ({ tasks }) =>
    `Returned as unroutable, yet delivered, done or drained: ${tasksNamed(tasks)}.`,
  "effect-undelivered": ({ about, tasks }) =>
    `Effects by ${about} for tasks that the wire never delivered to it: ${tasksNamed(tasks)}.`,
  "drained-yet-acked": ({ about, tasks }) =>
    `Drained from ${about} although acked, with nothing between that could undo the ack: ${tasksNamed(tasks)}.`,
  "completed-again": ({ tasks }) =>
    `A compacted history has tasks as done that it tells of elsewhere: ${tasksNamed(tasks)}.`,
  "drain-silent": ({ tasks }) =>
    `The wire saw the drain receive what it never reported: ${tasksNamed(tasks)}.`,
  "drain-miscounted": ({ about }) => `The drain contradicts itself: ${about}.`,
  "drain-missing": ({ about }) =>
    `${about} was never drained to its end: what is left there is unknown.`,
  "lost-in-hand": ({ tasks }) =>
    `No effect and not drained, but still unacked at a subject when the run was judged: ${tasksNamed(tasks)}.`,
  "purge-exceeded": ({ about }) => `More vanished than was purged: ${about}.`,
  "hold-open": ({ about }) => `A hold never ended: ${about}.`,
  "exit-unstarted": ({ about }) => `${about} exited, but nothing started it.`,
  "killed-by-other": ({ about }) =>
    `${about} was killed by SIGKILL, but not by the harness: something else on this machine did it.`,
  "broker-died": ({ about }) => `The broker died on its own: ${about}.`,
  unbalanced: ({ about }) => `The account does not add up: ${about}.`,
} satisfies Record<string, (group: Group) => string>;

export type ContradictionKind = keyof typeof SENTENCES;

/** Gathers contradictions; a thousand of one kind make one sentence. */
export class Contradictions {
  readonly #grouped = new Grouped<ContradictionKind>();

  add(kind: ContradictionKind, about: string, task: string | null = null): void {
    this.#grouped.add(kind, about, task);
  }

  sentences(): string[] {
    return [...this.#grouped.all()].map((group) => SENTENCES[group.kind](group));
  }
}
