import type { Holdable } from "../history/event.ts";
import type { Towards } from "./impairment.ts";

/** What to hold. */
export interface Match {
  subject: string;
  what: Holdable;
  /** Only the one about this task. */
  task?: string;
  /** The n-th that matches from now on; 1 when left out. */
  nth?: number;
}

/** A method, with its content if it has any, that stands still in the link. */
export interface Held {
  connection: number;
  channel: number;
  tasks: (string | null)[];
  /** Who is meant to receive it. */
  towards: Towards;
  /** Lets it go on, and everything behind it. */
  forward(): void;
  /** Takes it out of the stream, and lets everything behind it go on. */
  drop(): void;
  /** Lets its first half go on, and cuts the connection in the middle of a frame. */
  tear(): void;
}

let holds = 0;

/** An order to hold one method. It counts matches until the n-th, and fires once. */
export class Hold {
  readonly number = ++holds;
  readonly match: Match;
  /** Resolves when the method has reached the link, and stands. */
  readonly landed: Promise<Held>;
  readonly #land: (held: Held) => void;
  #left: number;

  constructor(match: Match) {
    this.match = match;
    this.#left = match.nth ?? 1;
    const { promise, resolve } = Promise.withResolvers<Held>();
    this.landed = promise;
    this.#land = resolve;
  }

  /** Counts this method; true for the one to hold, or for the next if another hold took it. */
  catches(what: Holdable, tasks: (string | null)[]): boolean {
    const { match } = this;
    if (what !== match.what) return false;
    if (match.task !== undefined && !tasks.includes(match.task)) return false;
    this.#left -= 1;
    return this.#left <= 0;
  }

  land(held: Held): void {
    this.#land(held);
  }
}
