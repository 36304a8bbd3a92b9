import type { Event } from "../history/event.ts";
import type { Contradictions } from "./contradictions.ts";

/**
 * Holds the history to its numbering: from 1, without gaps, never back in time. A compacted history
 * says itself how many events it leaves out, and from where to where.
 */
export class Sequence {
  readonly #contradictions: Contradictions;
  #seq = 0;
  #at = 0;
  /** Events that may still be left out, by what the history says. */
  #omitted = 0;
  #isGapKnown = false;
  #isReturnKnown = false;

  constructor(contradictions: Contradictions) {
    this.#contradictions = contradictions;
  }

  /** When the last event was, in milliseconds of the run. */
  get end(): number {
    return this.#at;
  }

  check(event: Event): void {
    if (event.seq !== this.#seq + 1) this.#skipped(event);
    if (event.at < this.#at) this.#return(event);
    this.#seq = event.seq;
    this.#at = event.at;
    if (event.type === "tasks-completed") this.#omits(event.omits, event);
  }

  #skipped(event: Event): void {
    this.#omitted -= event.seq - this.#seq - 1;
    if (event.seq <= this.#seq || this.#omitted < 0) this.#gap(event);
  }

  /** By then, all that was left out before has been passed over. */
  #omits(count: number, event: Event): void {
    if (this.#omitted !== 0) this.#gap(event);
    this.#omitted = count;
  }

  /** Only the first of each is told: one cut shifts everything after it. */
  #gap(event: Event): void {
    this.#omitted = 0;
    if (this.#isGapKnown) return;
    this.#isGapKnown = true;
    const about = this.#seq === 0 ? "it begins" : `event ${this.#seq} is followed`;
    const link = this.#seq === 0 ? "with" : "by";
    this.#contradictions.add("gap", `${about} ${link} event ${event.seq}`);
  }

  #return(event: Event): void {
    if (this.#isReturnKnown) return;
    this.#isReturnKnown = true;
    const about = `event ${event.seq} is at ${event.at} ms, after one at ${this.#at} ms`;
    this.#contradictions.add("backwards", about);
  }
}
