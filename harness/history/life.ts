import type { Event, EventOf } from "./event.ts";
import { tasksOf } from "./glance.ts";
import { Hands, isOfProcess } from "./hands.ts";
import { hasId } from "./ids.ts";

interface Place {
  connection: number;
  channel: number;
}

/**
 * Gathers the life of one task: the events that name it, those that ended a channel on which it lay
 * unacked, and the faults, signals and exits of a process that had it in hand. They are why it was
 * delivered again, or never was.
 */
export class LifeOf {
  readonly events: Event[] = [];
  readonly #task: string;
  readonly #inHand = new Map<string, Place>();
  readonly #hands = new Hands();

  constructor(task: string) {
    this.#task = task;
  }

  see(event: Event): void {
    if (this.#isNamedBy(event)) {
      this.#keep(event);
      if (event.type === "delivered") this.#inHand.set(keyOf(event), event);
      if (isSettlement(event)) this.#inHand.delete(keyOf(event));
    } else if (this.#endsHere(event)) {
      this.#keep(event);
    } else if (isOfProcess(event) && this.#hands.isStruckBy(event)) {
      this.events.push(event);
    }
  }

  #keep(event: Event): void {
    this.events.push(event);
    this.#hands.see(event);
  }

  #isNamedBy(event: Event): boolean {
    if (event.type === "tasks-completed") {
      return event.completed.some(({ ids }) => hasId(ids, this.#task));
    }
    return tasksOf(event).includes(this.#task);
  }

  /** Does this event end a place where the task lay? If so, it lies there no more. */
  #endsHere(event: Event): boolean {
    if (event.type !== "channel-closed" && event.type !== "connection-closed") return false;
    let ends = false;
    for (const [key, place] of this.#inHand) {
      const isHere = place.connection === event.connection;
      if (!isHere || (event.type === "channel-closed" && place.channel !== event.channel)) continue;
      this.#inHand.delete(key);
      ends = true;
    }
    return ends;
  }
}

/** What happened to a task, of a history that is at hand. */
export function lifeOf(history: Iterable<Event>, task: string): Event[] {
  const life = new LifeOf(task);
  for (const event of history) life.see(event);
  return life.events;
}

/** An answer that never reached the broker leaves the task where it was. */
function isSettlement(
  event: Event,
): event is EventOf<"acked"> | EventOf<"rejected"> | EventOf<"ack-forged"> {
  if (event.type === "ack-forged") return true;
  return (event.type === "acked" || event.type === "rejected") && event.dropped !== true;
}

function keyOf({ connection, channel }: Place): string {
  return `${connection}/${channel}`;
}
