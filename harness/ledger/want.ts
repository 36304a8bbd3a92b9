import type { Event, EventOf } from "../history/event.ts";
import type { Change } from "./hindsight.ts";
import { Hindsight } from "./hindsight.ts";
import { type Longest, Waits } from "./waits.ts";

/** What changes by an event for those who want something. */
export interface WantChange extends Change {
  /** Called once it is decided. */
  apply(): void;
}

/**
 * How long something stayed away that somebody wanted, measured as the history goes by. What an
 * event meant for those who want it may show only later, so each change is applied once it is
 * decided; see `Hindsight`.
 */
export class Want {
  readonly #waits = new Waits();
  readonly #hindsight: Hindsight<WantChange>;
  #isAnswered = false;

  /** @param isWanted does anybody want it, by the changes that were applied? */
  constructor(isWanted: () => boolean) {
    this.#hindsight = new Hindsight<WantChange>({
      apply: (change) => change.apply(),
      done: ({ at }) => {
        this.#waits.see(at, isWanted(), this.#isAnswered);
        this.#isAnswered = false;
      },
    });
  }

  /** A change by an event. It is decided at once, or by `decide` later on. */
  push(change: WantChange): void {
    this.#hindsight.push(change);
  }

  decide(change: WantChange): void {
    this.#hindsight.decide(change);
  }

  readonly #answer = () => {
    this.#isAnswered = true;
  };

  /** With this event comes what was wanted. */
  answers(event: Event): void {
    this.now(event, this.#answer);
  }

  inject(event: EventOf<"fault-injected">): void {
    this.now(event, () => this.#waits.inject(event));
  }

  /** The experiment goes on with this event, wherever it seemed to end. */
  goOn(event: Event): void {
    this.now(event, () => this.#waits.goOn());
  }

  /** The experiment may end before this event. To be told before the event changes anything. */
  end(event: Event): void {
    this.now(event, () => this.#waits.end(event.at));
  }

  /** To be called after each event. */
  advance(): void {
    this.#hindsight.advance();
  }

  /** Takes the history as complete up to this time: what it has not told yet it never tells. */
  longest(at: number): Longest {
    this.#hindsight.close();
    return this.#waits.longest(at);
  }

  /** A change whose meaning is plain. */
  now(event: Event, apply: () => void): void {
    this.#hindsight.push({ event, decided: true, apply });
  }
}
