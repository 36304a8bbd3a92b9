import type { Event, EventOf } from "../history/event.ts";

/** What one reader does with each type of event it cares about. */
export type Readings = { [T in Event["type"]]?: (event: EventOf<T>) => void };

/** One who follows a part of the history: the publishes, the wire, the effects… */
export interface Reader {
  readonly reads: Readings;
}

type Read = (event: Event) => void;

/** Sends each event to the readers that read its type, and to no other. */
export class Dispatch {
  readonly #byType = new Map<string, Read[]>();

  /** Readers of one type are called in the order given here. */
  constructor(readers: readonly Reader[]) {
    for (const { reads } of readers) {
      for (const [type, read] of Object.entries(reads)) {
        const others = this.#byType.get(type);
        if (others) others.push(read as Read);
        else this.#byType.set(type, [read as Read]);
      }
    }
  }

  /** @returns false if nobody reads such an event. */
  send(event: Event): boolean {
    const reads = this.#byType.get(event.type);
    if (reads === undefined) return false;
    for (let index = 0; index < reads.length; index++) (reads[index] as Read)(event);
    return true;
  }
}
