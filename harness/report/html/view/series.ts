import type { Series } from "../data.ts";

/** Ids of no series that are kept at most. */
const MOST_LISTED = 5_000;
/** Numbers beyond these are no counters, and are not exact. */
const MOST_DIGITS = 15;

/**
 * Keeps a multitude of ids in little space: those that count up, as `task-1` to `task-99000`, as a
 * series, and of all others as many as may be.
 */
export class Ids {
  readonly #open = new Map<string, Series>();
  readonly #series: Series[] = [];
  readonly #others: string[] = [];
  #unlisted = 0;

  add(id: string): void {
    const [, prefix, digits] = /^(.*?)(0|[1-9]\d*)$/s.exec(id) ?? [];
    if (prefix === undefined || digits === undefined || digits.length > MOST_DIGITS) {
      this.#list(id);
    } else {
      this.#count(prefix, Number(digits));
    }
  }

  /** Those that another has packed already. */
  addSeries(series: Series): void {
    this.#end(series);
  }

  /** A prefix of its own for every id is no series: those end as a list. */
  result(): { series: Series[]; ids: string[]; unlisted: number } {
    for (const series of this.#open.values()) this.#end(series);
    this.#open.clear();
    return { series: this.#series, ids: this.#others, unlisted: this.#unlisted };
  }

  #count(prefix: string, number: number): void {
    const current = this.#open.get(prefix);
    if (current && number === current.to + 1) current.to = number;
    else this.#begin({ prefix, from: number, to: number });
  }

  #begin(series: Series): void {
    const before = this.#open.get(series.prefix);
    if (before) this.#end(before);
    if (before || this.#open.size < MOST_LISTED) this.#open.set(series.prefix, series);
    else this.#end(series);
  }

  #end(series: Series): void {
    if (series.from === series.to) this.#list(`${series.prefix}${series.from}`);
    else if (this.#series.length < MOST_LISTED) this.#series.push(series);
    else this.#unlisted += series.to - series.from + 1;
  }

  #list(id: string): void {
    if (this.#others.length < MOST_LISTED) this.#others.push(id);
    else this.#unlisted++;
  }
}
