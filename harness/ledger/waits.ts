import type { EventOf, FaultName } from "../history/event.ts";

/**
 * The longest time without an answer that somebody wanted: whole milliseconds; `unending` where
 * none came any more; null where nobody ever wanted one.
 */
export type Gap = number | "unending" | null;

/** The longest waits: of the whole run, and of each fault, in the order of their injections. */
export interface Longest {
  run: Gap;
  faults: { injection: number; fault: FaultName; target: string; gap: Gap }[];
}

interface Period {
  readonly injected: EventOf<"fault-injected">;
  gap: number | null;
}

/**
 * A wait that the end cuts off sooner than this would have been answered: an experiment in which
 * tasks are stuck goes on until nothing has moved for longer.
 */
const CUT_SHORT = 1_000;

/**
 * Measures the stretches of time in which something was wanted, and did not come. One ends when
 * what was wanted comes, or when nobody wants it any more; if somebody does at that moment, the next
 * begins. Of all of them it keeps only the longest.
 */
export class Waits {
  /** Since when it is wanted; null if nobody wants it. */
  #from: number | null = null;
  #run: number | null = null;
  readonly #faults: Period[] = [];
  #ended: Longest | null = null;

  /** What is so at this time, after an event. */
  see(at: number, isWanted: boolean, isAnswer: boolean): void {
    if (this.#from !== null && (!isWanted || isAnswer)) {
      this.#note(this.#from, at);
      this.#from = null;
    }
    if (isWanted) this.#from ??= at;
  }

  inject(injected: EventOf<"fault-injected">): void {
    this.#faults.push({ injected, gap: null });
  }

  /** The experiment may end here: unless it goes on after all, what follows counts no more. */
  end(at: number): void {
    this.#ended ??= this.#asOf(at);
  }

  goOn(): void {
    this.#ended = null;
  }

  /** @param at when the history ends, if the experiment didn't end before. */
  longest(at: number): Longest {
    return this.#ended ?? this.#asOf(at);
  }

  /** A fault answers for the waits that stand or begin between its injection and the next one. */
  #note(from: number, to: number): void {
    this.#run = Math.max(this.#run ?? 0, Math.round(to - from));
    if (this.#faults.length === 0) return;
    for (const period of this.#since(from)) {
      const start = Math.max(from, period.injected.at);
      if (to > period.injected.at) period.gap = Math.max(period.gap ?? 0, Math.round(to - start));
    }
  }

  /** The periods that ended after this, or have not ended. */
  #since(from: number): Period[] {
    let first = this.#faults.length;
    let end = Number.POSITIVE_INFINITY;
    while (first > 0 && end > from) end = (this.#faults[--first] as Period).injected.at;
    return this.#faults.slice(first);
  }

  #asOf(at: number): Longest {
    const isUnending = this.#from !== null && at - this.#from >= CUT_SHORT;
    const struck = new Set(isUnending ? this.#since(this.#from as number) : []);
    return {
      run: isUnending ? "unending" : this.#run,
      faults: this.#faults.map((period) => {
        const { injection, fault, target } = period.injected;
        return { injection, fault, target, gap: struck.has(period) ? "unending" : period.gap };
      }),
    };
  }
}
