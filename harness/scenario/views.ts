import type { Event } from "../history/event.ts";

/** The tasks delivered to a subject, in order, each as often as it was delivered. */
export function deliveredTo(events: readonly Event[], subject: string): string[] {
  return events.flatMap((event) =>
    event.type === "delivered" && event.subject === subject && event.task !== null
      ? [event.task]
      : [],
  );
}

/** The tasks whose effect a subject has done, in order. */
export function effectsOf(events: readonly Event[], subject: string): string[] {
  return events.flatMap((event) =>
    event.type === "effect-done" && event.subject === subject ? [event.task] : [],
  );
}

/** The tasks that a subject has been sent and has not acked, in order of delivery. */
export function unackedBy(events: readonly Event[], subject: string): string[] {
  const unacked = new Set<string>();
  for (const event of events) {
    if (!("subject" in event) || event.subject !== subject) continue;
    if (event.type === "delivered" && event.task !== null) unacked.add(event.task);
    if (event.type === "acked") for (const task of event.tasks) unacked.delete(task ?? "");
  }
  return [...unacked];
}
