import type { Event } from "../history/event.ts";

/**
 * The tasks that this life of the broker has handed out and must still have, each with its queue:
 * delivered, and neither acked nor rejected for good. When their channel has ended, they are on
 * their way back into their queue. Of a cluster, a life ends with its last node: what one node had
 * handed out, the others know of.
 */
export class InFlight {
  readonly tasks = new Map<string, string>();
  readonly #nodes = new Set<string>();

  see(event: Event): void {
    const { tasks } = this;
    switch (event.type) {
      case "delivered":
        if (!event.noAck && event.task !== null) tasks.set(event.task, event.queue);
        break;
      case "acked":
      case "rejected":
        if (event.dropped || (event.type === "rejected" && event.requeue)) break;
        for (const task of event.tasks) if (task !== null) tasks.delete(task);
        break;
      case "ack-forged":
        if (event.task !== null) tasks.delete(event.task);
        break;
      case "broker-up":
        if (event.node !== undefined) this.#nodes.add(event.node);
        break;
      case "broker-down":
        if (event.node !== undefined) this.#nodes.delete(event.node);
        if (this.#nodes.size === 0) tasks.clear();
        break;
    }
  }
}

/** The same at the end of some events. */
export function tasksInFlight(events: readonly Event[]): Map<string, string> {
  const inFlight = new InFlight();
  for (const event of events) inFlight.see(event);
  return inFlight.tasks;
}
