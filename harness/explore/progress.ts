import { counted } from "../report/document-markdown.ts";
import { elapsed, runningLine, timeLeft } from "../report/live/time-left.ts";
import type { Told } from "./explore.ts";
import type { Run } from "./run-plan.ts";

/** How long an exploration goes on: so many runs, or milliseconds. */
export interface Extent {
  runs?: number | undefined;
  time?: number | undefined;
}

interface Running {
  since: number;
  withBroker: boolean;
  /** How often its plan was run: several times where it broke a promise, and is shrunk. */
  tries: number;
}

/** Runs that end before it is said how long the others may take. */
const ENOUGH = 4;
const MINUTE = 60_000;

/** What there is to see of an exploration while it takes its time. Times are milliseconds. */
export class ExploreProgress {
  readonly #extent: Extent;
  readonly #clock: () => number;
  #began: number;
  readonly #outcomes: Run["outcome"][] = [];
  /** By their number. */
  readonly #running = new Map<number, Running>();

  constructor(extent: Extent, clock = () => performance.now()) {
    this.#extent = extent;
    this.#clock = clock;
    this.#began = clock();
  }

  /** The brokers are up. */
  begins(): void {
    this.#began = this.#clock();
  }

  /** Of each time that a plan is run: the first one, and those that shrink and repeat a find. */
  tries(number: number, withBroker: boolean): void {
    const { since, tries } = this.#running.get(number) ?? { since: this.#clock(), tries: 0 };
    this.#running.set(number, { since, withBroker, tries: tries + 1 });
  }

  ends({ number, run }: Pick<Told, "number" | "run">): void {
    this.#running.delete(number);
    this.#outcomes.push(run.outcome);
  }

  get lines(): string[] {
    const now = this.#clock();
    const time = [elapsed(now - this.#began), ...timeLeft(this.#left(now))].join(", ");
    if (this.#running.size + this.#outcomes.length === 0) {
      return [`explore  waiting for the brokers · ${time}`];
    }
    return [
      [`explore  ${this.#far()}`, time, this.#counts(), ...this.#rate(now)].join(" · "),
      ...[...this.#running]
        // The others come and go several times a second.
        .filter(([, { tries, withBroker }]) => tries > 1 || withBroker)
        .map(([number, run]) => runningLine(now - run.since, inWords(number, run))),
    ];
  }

  #far(): string {
    const { runs } = this.#extent;
    const done = this.#outcomes.length;
    return runs === undefined ? counted(done, "run") : `${done} of ${counted(runs, "run")}`;
  }

  #counts(): string {
    const count = (wanted: Run["outcome"]) =>
      this.#outcomes.filter((outcome) => outcome === wanted).length;
    const doubtful = count("inconclusive");
    const others = doubtful === 0 ? "" : `, ${doubtful} proved nothing`;
    return `${count("held")} held, ${count("broken")} broken${others}`;
  }

  #rate(now: number): string[] {
    if (this.#outcomes.length < ENOUGH) return [];
    return [`${Math.round((this.#outcomes.length / (now - this.#began)) * MINUTE)} runs a minute`];
  }

  #left(now: number): number | undefined {
    const { runs, time } = this.#extent;
    const spent = now - this.#began;
    const byTime = time === undefined ? undefined : time - spent;
    const done = this.#outcomes.length;
    if (runs === undefined || done < ENOUGH) return byTime;
    return Math.min(byTime ?? Number.POSITIVE_INFINITY, ((runs - done) * spent) / done);
  }
}

/** `run 8 · faults of the broker`, `run 24 · broken, being shrunk · 13 tries` */
function inWords(number: number, { tries }: Running): string {
  const what = tries > 1 ? `broken, being shrunk · ${tries} tries` : "faults of the broker";
  return `run ${number} · ${what}`;
}
