import type { TrialResult } from "../audit-result.ts";
import { shown } from "../audit-shown.ts";
import { adversityOf, crewOf, madeOf } from "../audit-words.ts";
import { counted } from "../document-markdown.ts";
import { elapsed, mean, runningLine, timeLeft } from "./time-left.ts";

/** A trial as it is planned. */
export interface PlannedTrial
  extends Pick<TrialResult, "name" | "fault" | "adversity" | "moment" | "workers"> {
  /** Does it need a broker to itself? There is one for these. */
  alone?: boolean | undefined;
}

/** In the order in which they are counted. */
const OUTCOMES: Record<TrialResult["outcome"], string> = {
  held: "held",
  broken: "broken",
  inconclusive: "inconclusive",
  "not-applicable": "n/a",
};

/** Trials that end before it is said how long the others may take. */
const ENOUGH = 2;

/** What there is to see of an audit while it takes its time. Times are milliseconds. */
export class AuditProgress {
  readonly #clock: () => number;
  readonly #began: number;
  readonly #running = new Map<string, { trial: PlannedTrial; since: number }>();
  readonly #ended: TrialResult[] = [];
  #planned: readonly PlannedTrial[] = [];
  #sideBySide = 1;

  constructor(clock = () => performance.now()) {
    this.#clock = clock;
    this.#began = clock();
  }

  /**
   * @param trials the control run and all that follow it, but not what the audit plants itself.
   * @param sideBySide how many of them run at a time, on all brokers.
   */
  plans(trials: readonly PlannedTrial[], sideBySide: number): void {
    this.#planned = trials;
    this.#sideBySide = sideBySide;
  }

  begins(trial: PlannedTrial): void {
    this.#running.set(trial.name, { trial, since: this.#clock() });
  }

  /** Also of what the audit plants itself, which has no result of its own. */
  ends({ name }: Pick<PlannedTrial, "name">): void {
    this.#running.delete(name);
  }

  tells(result: TrialResult): void {
    this.#ended.push(result);
  }

  get lines(): string[] {
    const now = this.#clock();
    const time = [elapsed(now - this.#began), ...timeLeft(this.#left(now))].join(", ");
    if (this.#planned.length === 0) {
      return [`audit  waiting for the broker · ${time}`];
    }
    const made = madeOf(this.#ended).length;
    const toMake = this.#planned.length - (this.#ended.length - made);
    const far = `audit  ${made} of ${counted(toMake, "trial")}`;
    return [
      [far, time, ...this.#outcomes(), ...this.#tasks()].join(" · "),
      ...[...this.#running.values()].map(({ trial, since }) =>
        runningLine(now - since, inWords(trial)),
      ),
    ];
  }

  #outcomes(): string[] {
    const counts = Object.entries(OUTCOMES).flatMap(([outcome, word]) => {
      const count = this.#ended.filter((trial) => trial.outcome === outcome).length;
      return count === 0 ? [] : [`${count} ${word}`];
    });
    return counts.length === 0 ? [] : [counts.join(", ")];
  }

  #tasks(): string[] {
    const tasks = this.#ended.reduce((sum, { account }) => sum + (account.published ?? 0), 0);
    return tasks === 0 ? [] : [counted(tasks, "task")];
  }

  /** By the trials that have ended; those that need a broker to themselves are apart from the rest. */
  #left(now: number): number | undefined {
    const made = madeOf(this.#ended);
    if (made.length < ENOUGH) return undefined;
    const alone = this.#leftOf(made, now, (trial) => trial.alone === true);
    const others = this.#leftOf(made, now, (trial) => trial.alone !== true);
    return Math.max(alone, (alone + others) / this.#sideBySide);
  }

  #leftOf(made: TrialResult[], now: number, isOne: (trial: PlannedTrial) => boolean): number {
    const names = new Set(this.#planned.filter(isOne).map(({ name }) => name));
    const took = (trials: TrialResult[]) => mean(trials.map(({ milliseconds }) => milliseconds));
    const each = took(made.filter(({ name }) => names.has(name))) ?? took(made) ?? 0;
    for (const { name } of this.#ended) names.delete(name);
    return [...names].reduce((sum, name) => {
      const since = this.#running.get(name)?.since ?? now;
      return sum + Math.max(0, each - (now - since));
    }, 0);
  }
}

/** `SIGKILL, mid-task · 1 worker · worker-kill at mid-task` */
function inWords(trial: PlannedTrial): string {
  const { name, workers, moment } = trial;
  const when = moment === "now" ? "" : ` at ${moment}`;
  const done = adversityOf(trial);
  const what = done === undefined ? "no fault" : `${done}${when}`;
  return `${shown(name)} · ${crewOf({ workers })} · ${what}`;
}
