import type { Event, EventOf } from "../../../harness/history/event.ts";
import type { Rig } from "../../../harness/scenario/rig.ts";
import type { Told } from "./told.ts";

type Witnessed = Pick<Told, "events">;

/** The events of one type, in order. */
export function eventsOf<T extends Event["type"]>({ events }: Witnessed, type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

/** What did not arrive, by the marks of the wire: `acked task-1`. */
export function droppedOnes({ events }: Witnessed): string[] {
  return events.flatMap((event) => {
    if (!("dropped" in event) || !event.dropped) return [];
    if ("tasks" in event) return [`${event.type} ${event.tasks}`];
    return ["task" in event ? `${event.type} ${event.task}` : event.type];
  });
}

/** How often a subject has connected. */
export function connectionsOf(told: Witnessed, subject: string): number {
  return eventsOf(told, "connection-opened").filter((event) => event.subject === subject).length;
}

/** How each connection of a subject ended before the first that ended in order. */
export function endsOf(told: Witnessed, subject: string): string[] {
  const closes = eventsOf(told, "connection-closed").filter((event) => event.subject === subject);
  return closes.filter(({ clean }) => !clean).map(({ by }) => `by the ${by}`);
}

/** Waits until a fault has struck bytes, or a connection that was to begin. */
export function untilStruck(
  rig: Rig,
  type: "impaired" | "connection-refused" = "impaired",
  count = 1,
): Promise<void> {
  const told = () => eventsOf(rig.history, type).length;
  return rig.until(`${count} times "${type}"`, () => told() >= count);
}

/** The subjects whose bytes were struck. */
export function struckOf(told: Witnessed): string[] {
  return eventsOf(told, "impaired").map(({ subject }) => subject);
}

export const TASKS = ["task-1", "task-2", "task-3", "task-4", "task-5", "task-6"];

/** A worker that is mid-task, and five tasks more. */
export async function busy(rig: Rig, size = 0): Promise<void> {
  await rig.workers(1);
  await rig.publish(TASKS.length, { size });
  await rig.until("it to be mid-task", () => rig.seen.askedBy("worker-1").length === 1);
}
