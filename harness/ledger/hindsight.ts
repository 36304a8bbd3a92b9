import type { Event } from "../history/event.ts";

/** What an event changes, which may show only later: a task was ready if it is delivered one day. */
export interface Change {
  readonly event: Event;
  /** False until it is known what it means. */
  decided: boolean;
}

/** Follows the changes once they are decided: all of one event at a time, in order. */
export interface Follower<C extends Change> {
  apply(change: C): void;
  /** All changes of this event have been applied. */
  done(event: Event): void;
}

/**
 * Changes that are held back at a time, besides those of what is in flight. One whose meaning stays
 * open for longer means nothing: what nobody ever sees again must not hold back the rest for ever.
 */
const PATIENCE = 50_000;
/** Changes that one undecided change may hold back, since all in flight may be undecided. */
const EACH = 8;
const FEWEST_PLACES = 1 << 6;

/** Holds changes back until everything before them is decided. */
export class Hindsight<C extends Change> {
  readonly #follower: Follower<C>;
  /** A ring: places are counted on, and taken modulo its length. */
  #places: (C | undefined)[] = new Array(FEWEST_PLACES).fill(undefined);
  #head = 0;
  #tail = 0;
  /** Up to where the first event's changes are known to be decided. */
  #looked = 0;
  #undecided = 0;

  constructor(follower: Follower<C>) {
    this.#follower = follower;
  }

  push(change: C): void {
    if (!change.decided) this.#undecided++;
    if (this.#tail - this.#head === this.#places.length) this.#grow();
    this.#places[this.#tail++ & (this.#places.length - 1)] = change;
  }

  /** It is known by now what it means. */
  decide(change: C): void {
    if (change.decided) return;
    change.decided = true;
    this.#undecided--;
  }

  /** To be called after each event: lets go what is decided. */
  advance(): void {
    while (this.#letGo()) {}
    if (this.#tail - this.#head > PATIENCE + EACH * this.#undecided) this.#giveUp();
  }

  /** Nothing more is going to be known: what is open means nothing. */
  close(): void {
    for (let place = this.#head; place < this.#tail; place++) this.decide(this.#at(place));
    this.advance();
  }

  #giveUp(): void {
    this.decide(this.#at(this.#looked));
    this.advance();
  }

  /** The changes of the next event, if all of them are decided. */
  #letGo(): boolean {
    if (this.#head === this.#tail) return false;
    const { event } = this.#at(this.#head);
    let end = this.#looked;
    for (; end < this.#tail; end++) {
      const change = this.#at(end);
      if (change.event !== event) break;
      if (change.decided) continue;
      this.#looked = end;
      return false;
    }
    const mask = this.#places.length - 1;
    for (let place = this.#head; place < end; place++) {
      this.#follower.apply(this.#at(place));
      this.#places[place & mask] = undefined;
    }
    this.#head = end;
    this.#looked = end;
    this.#follower.done(event);
    return true;
  }

  #at(place: number): C {
    return this.#places[place & (this.#places.length - 1)] as C;
  }

  #grow(): void {
    const places = new Array<C | undefined>(this.#places.length * 2).fill(undefined);
    for (let place = this.#head; place < this.#tail; place++) {
      places[place & (places.length - 1)] = this.#at(place);
    }
    this.#places = places;
  }
}
