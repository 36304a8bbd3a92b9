import { counted, listed, tasksNamed } from "./words.ts";

/**
 * What is said of the tasks that ended badly, by cause: what happened, how often, why, and what to
 * change. `who` is the subject that took the task, where one did.
 */
export const bad = {
  acked: {
    kind: "lost",
    sentence: (ids: string[], who: string) =>
      `Lost: ${who} acked ${tasksNamed(ids)} whose effect never happened. Ack only after the effect is done.`,
  },
  automatic: {
    kind: "lost",
    sentence: (ids: string[], who: string) =>
      `Lost: ${tasksNamed(ids)} sent to ${who} with automatic acks; the effect never happened, and the broker forgets what it sends that way. Consume with noAck: false, and ack after the effect is done.`,
  },
  misdirected: {
    kind: "lost",
    sentence: (ids: string[], who: string) =>
      `Lost: ${who} acked ${tasksNamed(ids)} by the delivery tag of another task, which it had from a channel that had ended; the effect never happened. Answer a delivery only on the channel that it came on, and forget what was in hand when that channel ends.`,
  },
  forged: {
    kind: "lost",
    sentence: (ids: string[], _who: string) =>
      `Lost: the ack of ${tasksNamed(ids)} was planted by the experiment, in the worker's place, and the effect never happened. This is no fault of the worker.`,
  },
  rejected: {
    kind: "lost",
    sentence: (ids: string[], who: string) =>
      `Lost: ${who} rejected ${tasksNamed(ids)} without requeue, and no parking queue took over. Declare a dead-letter exchange for the queue, or requeue.`,
  },
  vanished: {
    kind: "lost",
    sentence: (ids: string[], _who: string) =>
      `Lost: ${tasksNamed(ids)} confirmed by the broker, kept by no consumer, and in no queue. Publish persistent messages to a durable queue, and publish as mandatory, so that an unroutable one is returned.`,
  },
  redelivered: {
    kind: "duplicated",
    sentence: (ids: string[], _who: string) =>
      `Duplicated: ${tasksNamed(ids)} published once and done more than once, because an ack did not arrive and the task was delivered again. Make the effect idempotent by the task's id.`,
  },
  "done twice": {
    kind: "duplicated",
    sentence: (ids: string[], who: string) =>
      `Duplicated: ${who} did ${tasksNamed(ids)} more than once, though nothing was delivered again. Do the effect once for each delivery, or make it idempotent by the task's id.`,
  },
  "ended before its ack": {
    kind: "duplicated",
    sentence: (ids: string[], who: string) =>
      `Duplicated: ${who} did ${tasksNamed(ids)} and was killed or ended before the broker had its ack, so the broker delivered it again, and it was done again. Make the effect idempotent by the task's id.`,
  },
  "cut off before its ack": {
    kind: "duplicated",
    sentence: (ids: string[], who: string) =>
      `Duplicated: ${who} did ${tasksNamed(ids)} and lost its connection before the broker had its ack, so the broker delivered it again, and it was done again. Make the effect idempotent by the task's id.`,
  },
  "channel lost before its ack": {
    kind: "duplicated",
    sentence: (ids: string[], who: string) =>
      `Duplicated: ${who} did ${tasksNamed(ids)} and lost its channel to the broker before the broker had its ack, so the broker delivered it again, and it was done again. Make the effect idempotent by the task's id.`,
  },
  "given up before its ack": {
    kind: "duplicated",
    sentence: (ids: string[], who: string) =>
      `Duplicated: ${who} did ${tasksNamed(ids)} and then closed its channel or connection without an ack, so the broker delivered it again, and it was done again. Ack what is done before closing.`,
  },
  "requeued after the effect": {
    kind: "duplicated",
    sentence: (ids: string[], who: string) =>
      `Duplicated: ${who} did ${tasksNamed(ids)} and then gave it back to the queue, so the broker delivered it again, and it was done again. Ack what is done.`,
  },
  "published again": {
    kind: "duplicated",
    sentence: (ids: string[], _who: string) =>
      `Duplicated: ${tasksNamed(ids)} published more than once and done more than once. A publish that was not confirmed may have been stored: make the effect idempotent by the task's id.`,
  },
  "not finished": {
    kind: "remaining",
    sentence: (ids: string[], _who: string) =>
      `Remaining: ${tasksNamed(ids)} delivered, but still in the queue at the end. Ack every task once its effect is done, and let a worker come back after a failure.`,
  },
  "not taken": {
    kind: "remaining",
    sentence: (ids: string[], _who: string) =>
      `Remaining: ${tasksNamed(ids)} still in the queue at the end, never delivered to a worker. Keep a worker consuming, and let it come back after a failure.`,
  },
  "not put aside": {
    kind: "remaining",
    sentence: (ids: string[], _who: string) =>
      `Remaining: ${tasksNamed(ids)} that can't be done, and still in the queue at the end. Reject such a task without requeue after a few attempts, to a queue that dead-letters it.`,
  },
  unexpected: {
    kind: "unexpected",
    sentence: (ids: string[], _who: string) =>
      `Unexpected: ${tasksNamed(ids)} done, delivered or drained, yet never published. Do the effect under the messageId that was delivered, and start from empty queues.`,
  },
} as const;

/** What is said of a subject that puts tasks at risk: who, how often, and the broker's answer. */
export const habit = {
  "acked early": (who: string, count: number) =>
    `${who} acked ${counted(count, "task")} before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.`,
  "automatic acks before the effect": (who: string, count: number) =>
    `${counted(count, "task")} acked automatically on the way to ${who}, before the effect was done: a death in between loses what the broker has already forgotten. Consume with noAck: false, and ack after the effect is done.`,
  "automatic acks": (who: string, count: number) =>
    `${who} took ${counted(count, "message")} with automatic acks, which also ignore prefetch. Consume with noAck: false.`,
  "never acked": (who: string, count: number) =>
    `${who} did the effect of ${counted(count, "task")} and never acked the delivery, so the broker delivers again what is done. Ack after the effect, and close the channel before the connection.`,
  "transient publishes": (who: string, count: number) =>
    `${who} published ${counted(count, "task")} as transient to a durable queue, which forgets what is transient when the broker restarts. Publish with persistent: true.`,
  "unconfirmed publishes": (who: string, count: number) =>
    `${who} made ${counted(count, "publish", "publishes")} without confirms, and cannot know whether the broker has them. Publish on a confirm channel, and wait for the confirm.`,
  "unbounded prefetch": (who: string, count: number) =>
    `${who} started ${counted(count, "consumer")} without a prefetch limit: one worker takes the whole queue, and gives all of it back when it dies. Set a prefetch before consuming.`,
  misdirected: (who: string, pairs: readonly { task: string; meant: string }[]) =>
    `${who} acked ${counted(pairs.length, "task")} by mistake (${listed(pairs.map(({ task, meant }) => `${task} instead of ${meant}`))}): it used the delivery tag of a channel that had ended, and on the new one this tag names another task, whose effect was not done. Answer a delivery only on the channel that it came on, and forget what was in hand when that channel ends.`,
  "stale delivery tag": (
    who: string,
    count: number,
    answer?: string,
    meant: ReadonlySet<string> = new Set(),
  ) =>
    `${who} acked or rejected ${counted(count, "delivery tag")} of a channel that had ended${meant.size === 0 ? "" : ` (${count === 1 ? "it" : "they"} named ${listed(meant)})`} on a new one, where ${count === 1 ? "it names" : "they name"} nothing unacked${answer === undefined ? "" : `, and the broker closed the channel ("${answer}")`}. Answer a delivery only on the channel that it came on, and forget what was in hand when that channel ends.`,
  "unroutable publishes without mandatory": (who: string, count: number) =>
    `${who} made ${counted(count, "publish", "publishes")} without mandatory: one that reaches no queue is confirmed all the same, and gone. Publish as mandatory, and handle what is returned.`,
  "unknown delivery tag": (who: string, count: number, answer?: string) =>
    `${who} acked or rejected ${counted(count, "delivery tag")} that named nothing unacked${answer === undefined ? "" : `, and the broker closed the channel ("${answer}")`}. Answer each delivery once, on the channel that it came on.`,
};

/** What is said, beside a loss, of tasks that the same fault put at risk. */
export function alsoAtRisk(count: number): string {
  return `${counted(count, "more task")} ${count === 1 ? "was" : "were"} acked before the effect as well, and done all the same.`;
}
