import type { Channel } from "./channel.ts";
import type { Delivery } from "./delivery.ts";
import type { Publish } from "./publish.ts";
import { underTest } from "./subjects.ts";
import { Task } from "./task.ts";

/** The way that a task took which was done without a hitch: the same for a great many of them. */
export interface Course {
  readonly publisher: string;
  /** The queue that it was published to; null where an exchange chose it. */
  readonly target: string | null;
  readonly mandatory: boolean;
  /** Where it was delivered, done and acked, and from which queue. */
  readonly channel: Channel;
  readonly queue: string;
  /** As of where in the history its ack counts as the last one. */
  readonly acked: number;
}

/**
 * The course of a task to which everything happened once, and nothing else; null for any other.
 * Only what has no more to say is left out of this: from the course the task can be made again.
 */
export function courseOf(task: Task, acksStandSince: number): Course | null {
  const [publish] = task.publishes;
  const [delivery] = task.past;
  const [end] = task.settlements;
  if (publish === undefined || delivery === undefined || end === undefined) return null;
  if (!wasOnce(task) || isMarked(task)) return null;
  if (publish.outcome !== "confirmed" || publish.returned || !publish.sent) return null;
  if (underTest(publish.subject) && !(publish.mandatory && publish.persistent)) return null;
  if (end.how !== "acked" || !isPlain(delivery) || task.doneBy[0] !== delivery.subject) return null;
  const { channel, queue } = delivery;
  const { subject: publisher, queue: target, mandatory } = publish;
  // The ack stands or falls with the broker's life in which it came.
  const acked = end.seq > acksStandSince ? acksStandSince + 1 : 0;
  return { publisher, target, mandatory, channel, queue, acked };
}

function wasOnce(task: Task): boolean {
  return (
    task.publishes.length === 1 &&
    task.confirmations === 1 &&
    task.deliveries === 1 &&
    task.past.length === 1 &&
    task.settlements.length === 1 &&
    task.doneBy.length === 1 &&
    task.seenBy.length === 1
  );
}

function isMarked(task: Task): boolean {
  return (
    task.odd ||
    task.poisoned ||
    task.handedToDrain ||
    task.mayComeAgain ||
    task.waiting > 0 ||
    task.open.length > 0 ||
    task.requests.length > 0 ||
    task.copies.length > 0 ||
    task.loggedBy.length > 0 ||
    task.drainedFrom.length > 0 ||
    task.forged.length > 0 ||
    task.strangers.length > 0 ||
    task.ackedEarlyBy.length > 0
  );
}

function isPlain({ seen, requested, done, effects, answered, early, revoked, loss }: Delivery) {
  return (
    seen && requested && done && effects === 1 && answered && !early && !revoked && loss === null
  );
}

/** The task as it was when its course was run. Tags and places that nobody asks for are 0. */
export function rerun(id: string, course: Course): Task {
  const { channel, queue, publisher, target, mandatory, acked } = course;
  const { subject } = channel;
  const task = new Task(id);
  const publish: Publish = {
    subject: publisher,
    connection: 0,
    channel: 0,
    tag: 0,
    mandatory,
    persistent: true,
    queue: target,
    seq: 0,
    sent: true,
    returned: false,
    answered: true,
    outcome: "confirmed",
  };
  task.publishes = [publish];
  task.confirmations = 1;
  const done = { requested: true, done: true, effects: 1, answered: true, sent: true };
  const nothing = { dropped: false, early: false, revoked: false, loss: null };
  const place = { task, subject, queue, channel, tag: 0, seq: 0, seen: true };
  task.past = [{ ...place, ...done, ...nothing }];
  task.deliveries = 1;
  task.seenBy = [subject];
  task.settlements = [{ how: "acked", subject, queue, channel, seq: acked }];
  task.doneBy = [subject];
  return task;
}

export function isSameCourse(one: Course, other: Course): boolean {
  return (
    one.channel === other.channel &&
    one.queue === other.queue &&
    one.acked === other.acked &&
    one.publisher === other.publisher &&
    one.target === other.target &&
    one.mandatory === other.mandatory
  );
}
