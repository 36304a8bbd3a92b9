import type { Event, EventOf, Ids } from "../../../history/event.ts";
import { hasId } from "../../../history/ids.ts";

/** The ids of the tasks that an event is about; none of most events. */
export function tasksOf(event: Event): readonly string[] {
  if ("tasks" in event && Array.isArray(event.tasks)) {
    return event.tasks.filter((task) => typeof task === "string");
  }
  return "task" in event && typeof event.task === "string" ? [event.task] : [];
}

/** The event about some of its tasks alone; the others are counted. */
export function about(event: Event, isTold: (task: string) => boolean): Event {
  if (!("tasks" in event) || !Array.isArray(event.tasks)) return event;
  const told = event.tasks.filter((task) => task === null || isTold(task));
  const others = event.tasks.length - told.length;
  if (others === 0) return event;
  const short = { ...event, tasks: told, others };
  return short;
}

/** Of a batch of tasks that went well, those that are told; undefined where it has none. */
export function toldIn(
  event: EventOf<"tasks-completed">,
  told: ReadonlySet<string>,
): EventOf<"tasks-completed"> | undefined {
  const completed = event.completed.flatMap((batch) => {
    const ids = [...told].filter((task) => hasId(batch.ids, task));
    return ids.length === 0 ? [] : { ...batch, ids };
  });
  return completed.length === 0 ? undefined : { ...event, completed };
}

/** How many ids a pack holds. */
export function countOf(packed: readonly Ids[]): number {
  return packed.reduce((sum, ids) => sum + (typeof ids === "string" ? 1 : ids[2] - ids[1] + 1), 0);
}
