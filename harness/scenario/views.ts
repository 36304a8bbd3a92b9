import type { Event } from "../history/event.ts";

/** A broker's reason for closing, as the wire saw it. */
export interface Refusal {
  scope: "channel" | "connection";
  code: number;
  text: string;
}

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

/** The tasks delivered to a subject with the redelivered flag, in order. */
export function redeliveredTo(events: readonly Event[], subject: string): string[] {
  return events.flatMap((event) =>
    event.type === "delivered" && event.subject === subject && event.redelivered
      ? [event.task ?? ""]
      : [],
  );
}

/** The tasks that a subject has acked, in order. */
export function ackedBy(events: readonly Event[], subject: string): string[] {
  return events.flatMap((event) =>
    event.type === "acked" && event.subject === subject && !event.dropped
      ? event.tasks.map((task) => task ?? "")
      : [],
  );
}

/** The channels and connections of a subject that the broker has closed, with its reasons. */
export function closedByBroker(events: readonly Event[], subject: string): Refusal[] {
  return events.flatMap((event) => {
    if (event.type !== "channel-closed" && event.type !== "connection-closed") return [];
    if (event.subject !== subject || event.by !== "broker" || event.code === undefined) return [];
    const scope = event.type === "channel-closed" ? "channel" : "connection";
    return [{ scope, code: event.code, text: event.text ?? "" }];
  });
}
