import type { Event, EventOf } from "../history/event.ts";
import { describe } from "./telling.ts";

/**
 * The events that name a task, and those that ended a channel on which it lay unacked: they are
 * why it was delivered again.
 */
export function lifeOf(history: Iterable<Event>, task: string): Event[] {
  const life: Event[] = [];
  const inHand = new Map<string, { connection: number; channel: number }>();
  for (const event of history) {
    if (names(event, task)) {
      life.push(event);
      if (event.type === "delivered") inHand.set(placeOf(event), event);
      if (isSettlement(event)) inHand.delete(placeOf(event));
    } else if (endsAny(event, inHand)) {
      life.push(event);
    }
  }
  return life;
}

/** A life as lines of text, each with its time since the run began. */
export function describeLife(life: readonly Event[]): string[] {
  const times = life.map(({ at }) => `+${at.toFixed(1)} ms`);
  const width = Math.max(0, ...times.map((time) => time.length));
  return life.map((event, index) => `  ${times[index]?.padStart(width)}  ${describe(event)}`);
}

function names(event: Event, task: string): boolean {
  if ("task" in event) return event.task === task;
  if ("tasks" in event) return event.tasks.includes(task);
  return false;
}

/** An answer that never reached the broker leaves the task where it was. */
function isSettlement(
  event: Event,
): event is EventOf<"acked"> | EventOf<"rejected"> | EventOf<"ack-forged"> {
  if (event.type === "ack-forged") return true;
  return (event.type === "acked" || event.type === "rejected") && event.dropped !== true;
}

function placeOf(place: { connection: number; channel: number }): string {
  return `${place.connection}/${place.channel}`;
}

/** Does this event end a place where the task lay? If so, it lies there no more. */
function endsAny(
  event: Event,
  inHand: Map<string, { connection: number; channel: number }>,
): boolean {
  if (event.type !== "channel-closed" && event.type !== "connection-closed") return false;
  let ends = false;
  for (const [key, place] of inHand) {
    const isHere = place.connection === event.connection;
    if (!isHere || (event.type === "channel-closed" && place.channel !== event.channel)) continue;
    inHand.delete(key);
    ends = true;
  }
  return ends;
}
