import type { Event } from "../history/event.ts";
import type { Contradictions } from "./contradictions.ts";

/** Holds the history to its numbering: from 1, without gaps, never back in time. */
export class Sequence {
  readonly #contradictions: Contradictions;
  #seq = 0;
  #at = 0;
  #isGapKnown = false;
  #isReturnKnown = false;

  constructor(contradictions: Contradictions) {
    this.#contradictions = contradictions;
  }

  check(event: Event): void {
    if (event.seq !== this.#seq + 1) this.#gap(event);
    if (event.at < this.#at) this.#return(event);
    this.#seq = event.seq;
    this.#at = event.at;
  }

  /** Only the first of each is told: one cut shifts everything after it. */
  #gap(event: Event): void {
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
