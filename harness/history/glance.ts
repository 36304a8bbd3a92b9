import type { Event } from "./event.ts";

/** What the plain life of a task is made of. */
export type PlainType =
  | "published"
  | "publish-confirmed"
  | "delivered"
  | "effect-requested"
  | "effect-done"
  | "acked";

/** A line as the file writes it that tells of one task, by its type and its id. */
const PLAIN =
  /^\{"seq":\d+,"at":[\d.e+-]+,"type":"(published|publish-confirmed|delivered|effect-requested|effect-done|acked)",/;
/** A key can't stand within a text: the quotes around it would be escaped there. */
const TASK = /"tasks?":(?:\["([^"\\]*)"\]|"([^"\\]*)")/;

/**
 * Reads off a line which task it tells of, many times faster than by parsing it. Null where that
 * takes parsing: it may be of another type, name several tasks, or have something about it.
 */
export function glance(line: string): { type: PlainType; task: string } | null {
  const type = PLAIN.exec(line)?.[1];
  if (type === undefined || line.includes('"dropped":') || line.includes('"output":')) return null;
  const found = TASK.exec(line);
  const task = found?.[1] ?? found?.[2];
  return task === undefined ? null : { type: type as PlainType, task };
}

/** The tasks that an event names. */
export function tasksOf(event: Event): readonly (string | null)[] {
  if ("tasks" in event) return event.tasks;
  return "task" in event ? [event.task] : [];
}
