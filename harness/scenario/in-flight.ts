import type { Event } from "../history/event.ts";

/**
 * The tasks that this life of the broker has handed out and must still have, each with its queue:
 * delivered, and neither acked nor rejected for good. When their channel has ended, they are on
 * their way back into their queue. Of a cluster, a life ends with its last node: what one node had
 * handed out, the others know of.
 */
export function tasksInFlight(events: readonly Event[]): Map<string, string> {
  const inFlight = new Map<string, string>();
  const nodes = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case "delivered":
        if (!event.noAck && event.task !== null) inFlight.set(event.task, event.queue);
        break;
      case "acked":
      case "rejected":
        if (event.dropped || (event.type === "rejected" && event.requeue)) break;
        for (const task of event.tasks) if (task !== null) inFlight.delete(task);
        break;
      case "ack-forged":
        if (event.task !== null) inFlight.delete(event.task);
        break;
      case "broker-up":
        if (event.node !== undefined) nodes.add(event.node);
        break;
      case "broker-down":
        if (event.node !== undefined) nodes.delete(event.node);
        if (nodes.size === 0) inFlight.clear();
        break;
    }
  }
  return inFlight;
}
