import { basename } from "node:path";
import { reportLine } from "../report/html/write.ts";
import { RunDirectory } from "../scenario/run-directory.ts";
import { type Exploration, explorePlan, type TryPlan } from "./find.ts";
import type { Disturbed, Ground, Grounds } from "./grounds.ts";
import type { Plan } from "./plan/command.ts";
import { type Seed, seedOfRun } from "./plan/seed.ts";
import type { ExploreProgress } from "./progress.ts";
import { type Run, runPlan } from "./run-plan.ts";
import { saveRun } from "./saved-run.ts";
import { specText } from "./spec-text.ts";
import { type PlantedName, plantedNamed } from "./world/planted.ts";

/** Of so many runs, one has faults of the broker, which take seconds. */
const DISTURBED_EVERY = 8;

/** Runs that share a broker at a time, each in a virtual host of its own. */
const SIDE_BY_SIDE = 4;

export interface ExploreOptions {
  seed: Seed;
  /** How many runs; or until the time is over. */
  runs?: number;
  /** Milliseconds. */
  time?: number;
  /** Which runs have faults of the broker; `some` when left out. */
  disturbed?: Disturbed;
  /** A fault of the explorer's own world, which must be found. */
  planted?: PlantedName;
  /** Ends the exploration before its time. What was found by then is told. */
  signal: AbortSignal;
  /** Milliseconds that shrinking a find may take; a few minutes when left out. */
  shrinking?: number;
  /** Ends it at the first find. */
  untilFound?: boolean;
  /** Is shown how it goes. */
  progress?: Pick<ExploreProgress, "tries" | "ends">;
  /** Hears of each run when it is over. */
  onRun?: (told: Told) => void;
}

/** One run of an exploration, by its number. */
export interface Told extends Exploration {
  number: number;
  /** Where the report of its kept run is, or why there is none; a line. */
  report?: string;
}

export interface Explored {
  runs: Told[];
  /** Milliseconds from the first run to the last. */
  took: number;
  broker: { image: string; version: string };
  /** What it ended of before its time, such as a full disk. The runs before it stand. */
  failure?: Error;
}

/** Draws plans from a seed and runs them, until there were enough of them or it is time. */
export function explore(grounds: Grounds, options: ExploreOptions): Promise<Explored> {
  return new Explorer(grounds, options).explore();
}

class Explorer {
  readonly #grounds: Grounds;
  readonly #options: ExploreOptions;
  readonly #began = performance.now();
  readonly #runs: Told[] = [];
  /** The last numbers that were handed out. */
  readonly #last = { quiet: 0, disturbed: 0 };
  /** Ends every stream when one of them can't go on, or has found what was looked for. */
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;

  constructor(grounds: Grounds, options: ExploreOptions) {
    this.#grounds = grounds;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#ending.signal]);
  }

  async explore(): Promise<Explored> {
    const { shared, own } = this.#grounds;
    const streams = [
      ...(shared ? Array.from({ length: SIDE_BY_SIDE }, () => this.#stream(shared, false)) : []),
      ...own.map((ground) => this.#stream(ground, true)),
    ];
    const failed = (await Promise.allSettled(streams)).find(({ status }) => status === "rejected");
    const took = performance.now() - this.#began;
    const explored = { runs: this.#runs, took, broker: brokerOf(this.#grounds) };
    return failed?.status === "rejected" ? { ...explored, failure: failed.reason } : explored;
  }

  /** One run after the other, with faults of the broker or without. */
  async #stream(ground: Ground, withBroker: boolean): Promise<void> {
    try {
      for (;;) {
        const number = this.#next(withBroker);
        if (number === undefined) return;
        await this.#explore(number, ground, withBroker);
      }
    } catch (error) {
      this.#ending.abort();
      throw error;
    }
  }

  async #explore(number: number, ground: Ground, withBroker: boolean): Promise<void> {
    const { seed: first, shrinking } = this.#options;
    const seed = seedOfRun(first, number);
    const tryPlan: TryPlan = (plan, keep) => {
      this.#options.progress?.tries(number, withBroker);
      return this.#try(ground, plan, keep);
    };
    const told: Told = {
      number,
      ...(await explorePlan({ seed, withBroker, shrinking }, tryPlan, this.#signal)),
    };
    keepFind(told, this.#options, this.#grounds);
    const { path } = told.find?.run ?? told.run;
    if (path !== undefined) told.report = reportLine(path);
    this.#runs.push(told);
    this.#options.progress?.ends(told);
    this.#options.onRun?.(told);
    if (told.find && this.#options.untilFound) this.#ending.abort();
  }

  async #try(ground: Ground, plan: Plan, keep: boolean): Promise<Run> {
    const { seed, planted } = this.#options;
    const broker = await ground.broker();
    const told = { title: "explore", rerun: `explore --seed ${seed.text}` };
    return runPlan(plan, { broker, ...told, planted: planted && plantedNamed(planted), keep });
  }

  /** The number of the next run of a kind, from 1; undefined when it is over. */
  #next(withBroker: boolean): number | undefined {
    const { runs = Number.POSITIVE_INFINITY, time = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#signal.aborted || performance.now() - this.#began >= time) return undefined;
    const kind = withBroker ? "disturbed" : "quiet";
    do this.#last[kind] += 1;
    while (this.#isDisturbed(this.#last[kind]) !== withBroker);
    return this.#last[kind] > runs ? undefined : this.#last[kind];
  }

  #isDisturbed(number: number): boolean {
    const { disturbed = "some" } = this.#options;
    return disturbed === "some" ? number % DISTURBED_EVERY === 0 : disturbed === "all";
  }
}

function brokerOf({ image, version }: Grounds) {
  return { image, version };
}

/** Of all runs of a find, one is kept. */
function keepFind(
  { number, run: first, find }: Told,
  { seed, planted }: ExploreOptions,
  grounds: Grounds,
): void {
  if (!find?.run.path) return;
  const { drawn, shrunk, run, repeated } = find;
  if (first.path !== undefined && first.path !== run.path) {
    RunDirectory.at(basename(first.path)).discard();
  }
  const saved = {
    seed: seed.text,
    number,
    broker: brokerOf(grounds),
    ...(planted === undefined ? {} : { planted }),
    plan: shrunk,
    drawn,
    accusations: run.accusations,
    repeated,
  };
  const { accusations, fates } = run;
  saveRun(find.run.path, saved, specText({ plan: shrunk, accusations, fates }));
}
