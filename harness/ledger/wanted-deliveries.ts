import type { Event } from "../history/event.ts";
import { Consumers } from "./consumers.ts";
import { Dispatch } from "./reading.ts";
import { staysOf } from "./ready.ts";
import type { Want } from "./waits.ts";

/** Follows whether a delivery is wanted; see `availabilityOf`. */
export class WantedDeliveries implements Want {
  readonly #consumers = new Consumers();
  readonly #dispatch = new Dispatch(this.#consumers.readers);
  /** How many tasks are ready, by queue; a queue without any has no entry. */
  readonly #ready = new Map<string, number>();
  /** What comes to a queue and what leaves it, by the event with which it does. */
  readonly #changes = new Map<number, { queue: string; by: number }[]>();

  constructor(events: readonly Event[]) {
    for (const { queue, from, to } of staysOf(events)) {
      this.#note(from, { queue, by: +1 });
      this.#note(to, { queue, by: -1 });
    }
  }

  see(event: Event): void {
    this.#dispatch.send(event);
    for (const { queue, by } of this.#changes.get(event.seq) ?? []) {
      const ready = (this.#ready.get(queue) ?? 0) + by;
      if (ready > 0) this.#ready.set(queue, ready);
      else this.#ready.delete(queue);
    }
  }

  get isWanted(): boolean {
    return [...this.#ready.keys()].some((queue) => this.#consumers.canTakeFrom(queue));
  }

  isAnswer(event: Event): boolean {
    return event.type === "delivered" && event.dropped !== true;
  }

  #note(seq: number, change: { queue: string; by: number }): void {
    const changes = this.#changes.get(seq);
    if (changes) changes.push(change);
    else this.#changes.set(seq, [change]);
  }
}
