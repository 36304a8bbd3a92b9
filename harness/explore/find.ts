import { asyncProperty, check } from "fast-check";
import type { Plan } from "./plan/command.ts";
import { Plans } from "./plan/draw.ts";
import type { Run } from "./run-plan.ts";

/** How often a shrunk plan is run again, to tell always from sometimes. */
export const REPETITIONS = 3;

/** Milliseconds that shrinking one plan may take, unless told otherwise. */
const SHRINKING = 180_000;

export type TryPlan = (plan: Plan, keep: boolean) => Promise<Run>;

/** A plan that broke a promise, and the shortest one found that does so, too. */
export interface Find {
  drawn: Plan;
  shrunk: Plan;
  /** The last run that broke it, kept on disk. */
  run: Run;
  /** How often it was run again, and how many of those runs broke the same promise. */
  repeated: { broken: number; of: number };
  /** Runs that shrinking took. */
  tried: number;
}

/** What became of one drawn plan. */
export interface Exploration {
  plan: Plan;
  run: Run;
  find?: Find;
}

export interface Drawing {
  seed: number;
  /** Does it have faults of the broker? */
  withBroker: boolean;
  /** Milliseconds that shrinking may take. */
  shrinking?: number | undefined;
}

/** Draws one plan, runs it, and if it breaks a promise, looks for the shortest plan that does. */
export async function explorePlan(
  { seed, withBroker, shrinking = SHRINKING }: Drawing,
  tryPlan: TryPlan,
  signal: AbortSignal,
): Promise<Exploration> {
  const search = new Search(tryPlan, signal, shrinking);
  const property = asyncProperty(new Plans(withBroker), (plan) => search.ask(plan));
  // A failed run ends the check in any case; `unbiased`, since a first run would be drawn small.
  await check(property, { seed, numRuns: 1, unbiased: true });
  return search.concluded();
}

class Search {
  readonly #tryPlan: TryPlan;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, boolean>();
  readonly #shrinking: number;
  #drawn: { plan: Plan; run: Run } | undefined;
  #failure: unknown;
  #shortest: Plan = [];
  #last: Run | undefined;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(tryPlan: TryPlan, signal: AbortSignal, shrinking: number) {
    this.#shrinking = shrinking;
    this.#tryPlan = tryPlan;
    this.#signal = signal;
  }

  /** A run that could not be is no broken promise: it ends the search, and is told in the end. */
  async ask(plan: Plan): Promise<boolean> {
    if (this.#failure !== undefined) return true;
    try {
      return await this.holds(plan);
    } catch (error) {
      this.#failure = error;
      return true;
    }
  }

  /** Does it keep the promise that the drawn plan breaks? Once there is no time left, all do. */
  async holds(plan: Plan): Promise<boolean> {
    if (this.#signal.aborted && this.#drawn) return true;
    if (performance.now() > this.#deadline) return true;
    const key = JSON.stringify(plan);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const run = await this.#tryPlan(plan, this.#drawn === undefined);
    this.#drawn ??= this.#begin(plan, run);
    const holds = !this.#isSame(run);
    this.#known.set(key, holds);
    if (!holds) this.#shortest = plan;
    return holds;
  }

  /** Runs the shortest plan again, and keeps one run of it. */
  async concluded(): Promise<Exploration> {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#drawn) throw new Error("No plan was drawn");
    const { plan, run } = this.#drawn;
    if (run.outcome !== "broken") return { plan, run };
    const repeated = await this.#repeat();
    const tried = this.#known.size;
    const find = { drawn: plan, shrunk: this.#shortest, run: this.#last ?? run, repeated, tried };
    return { plan, run, find };
  }

  async #repeat(): Promise<Find["repeated"]> {
    const repeated = { broken: 0, of: 0 };
    while (repeated.of < REPETITIONS && !this.#signal.aborted) {
      const again = await this.#tryPlan(this.#shortest, this.#last === undefined);
      repeated.of += 1;
      if (!this.#isSame(again)) continue;
      repeated.broken += 1;
      if (again.path !== undefined) this.#last = again;
    }
    return repeated;
  }

  #begin(plan: Plan, run: Run) {
    this.#deadline = performance.now() + this.#shrinking;
    return { plan, run };
  }

  /** Does it break the promise that the first one broke? Another one is another find. */
  #isSame(run: Run): boolean {
    const rules = new Set(this.#drawn?.run.accusations.map(({ rule }) => rule));
    return run.accusations.some(({ rule }) => rules.has(rule));
  }
}
