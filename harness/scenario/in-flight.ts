import type { Event } from "../history/event.ts";

/**
 * The tasks that this life of the broker has handed out and must still have: delivered, and
 * neither acked nor rejected for good. When their channel has ended, they are on their way back
 * into their queue.
 */
export function tasksInFlight(events: readonly Event[]): Set<string> {
  const inFlight = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case "delivered":
        if (!event.noAck && event.task !== null) inFlight.add(event.task);
        break;
      case "acked":
      case "rejected":
        if (event.dropped || (event.type === "rejected" && event.requeue)) break;
        for (const task of event.tasks) if (task !== null) inFlight.delete(task);
        break;
      case "broker-down":
        inFlight.clear();
        break;
    }
  }
  return inFlight;
}
