import type { Broker } from "../broker/broker.ts";
import { SetupError } from "../errors.ts";
import type { Account, Fates } from "../ledger/account.ts";
import type { Fate } from "../ledger/fates.ts";
import { drain } from "../scenario/drain.ts";
import { keepEvidence, newRunId } from "../scenario/experiment.ts";
import { Inconclusive } from "../scenario/inconclusive.ts";
import { Rig } from "../scenario/rig.ts";
import { RunDirectory } from "../scenario/run-directory.ts";
import { within } from "../until.ts";
import type { Accusation } from "./model/accusation.ts";
import type { Chronicle } from "./model/chronicle.ts";
import { accuse, awaitedIn, keptBy } from "./model/judge.ts";
import { DEAD, type Plan, TASKS } from "./plan/command.ts";
import { finish } from "./world/finish.ts";
import { perform } from "./world/perform.ts";
import type { Planted } from "./world/planted.ts";
import { World } from "./world/world.ts";

/** What one run of a plan has shown. */
export interface Run {
  /** `inconclusive`: the witnesses contradict each other, or the harness could not go on. */
  outcome: "held" | "broken" | "inconclusive";
  accusations: Accusation[];
  /** Why it is inconclusive. */
  doubts: string[];
  account: Account;
  /** The ids behind it. */
  fates: Partial<Fates>;
  /** How many commands were done; the others made no sense where they stood. */
  performed: number;
  /** Where it is kept, if it is. */
  path?: string;
}

export interface RunOptions {
  broker: Broker;
  /** The command that runs it again. */
  rerun: string;
  title: string;
  planted?: Planted | undefined;
  /** Keeps its directory if it did not hold. */
  keep?: boolean;
}

/** Runs a plan in a virtual host of its own, and judges it by what the documentation permits. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<Run> {
  const directory = RunDirectory.create(newRunId(), manifestOf(options));
  const course = await Course.open(options, directory);
  let run: Run;
  try {
    run = await within("the run to come to its end", course.follow(plan), LONGEST_RUN);
  } catch (error) {
    if (error instanceof SetupError) {
      await course.rig.close().catch(() => {}); // The first failure says what the machine can't do.
      throw error;
    }
    run = course.doubtful(error as Error);
  }
  if (run.outcome !== "held" && options.keep) {
    await course.keep(directory, options.broker);
    run.path = directory.path;
  }
  await within("the run to be cleared away", course.rig.close(), CLEARING);
  if (run.path === undefined) directory.discard();
  return run;
}

/** One plan on its way. */
class Course {
  readonly rig: Rig;
  readonly #world: World;
  readonly #version: string;
  #serving: readonly string[] = [];
  #performed = 0;

  private constructor(rig: Rig, { planted, broker }: RunOptions) {
    this.rig = rig;
    this.#world = new World(rig, planted);
    this.#version = broker.version;
  }

  static async open(options: RunOptions, directory: RunDirectory): Promise<Course> {
    let course: Course | undefined;
    const rig = await Rig.open({
      broker: options.broker,
      directory,
      queueType: "classic",
      queue: TASKS,
      patience: PATIENCE,
      drains: async () => [TASKS, DEAD],
      returning: (inFlight) => course?.returning(inFlight) ?? inFlight,
      collect: async () => course?.collectDeadLetters(),
    });
    rig.adopt([TASKS, DEAD, "another"]); // Declaring is up to the plan.
    course = new Course(rig, options);
    return course;
  }

  async follow(plan: Plan): Promise<Run> {
    await this.#world.furnish();
    for (const command of plan) if (await perform(this.#world, command)) this.#performed += 1;
    this.#serving = await finish(this.#world);
    const contradictions = await concluded(this.rig);
    return judged(this.rig, this.#chronicle, contradictions, this.#performed);
  }

  /** Of the tasks in flight, those that must come back. */
  returning(inFlight: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const isKept = keptBy(this.#chronicle);
    return new Map([...inFlight].filter(([task]) => isKept(task)));
  }

  /** Dead letters may still be on their way when the queues were drained. */
  async collectDeadLetters(): Promise<void> {
    const { place, history } = this.rig;
    const awaited = new Map(awaitedIn(this.#chronicle).map((task) => [task, DEAD]));
    if (awaited.size > 0) await drain(place.clients.drain, history, [DEAD], awaited);
  }

  doubtful(error: Error): Run {
    const doubts = [error.stack ?? error.message];
    const nothing = { accusations: [], account: {}, fates: {} };
    return { outcome: "inconclusive", ...nothing, doubts, performed: this.#performed };
  }

  /** Beside the history: what was done, which the model needs to judge it again. */
  async keep(directory: RunDirectory, broker: Broker): Promise<void> {
    const { deeds, serving, version } = this.#chronicle;
    directory.save("deeds.json", { deeds, serving, version });
    await keepEvidence(directory, new Map([["broker", broker]]), this.rig);
  }

  get #chronicle(): Chronicle {
    const { events } = this.rig.history;
    return { deeds: this.#world.deeds, events, serving: this.#serving, version: this.#version };
  }
}

/**
 * Milliseconds after which a run counts as stuck, and proves nothing; most take one or two seconds.
 */
const LONGEST_RUN = 180_000;
const CLEARING = 60_000;

/** Milliseconds in which nothing moves before the end: the exploration has waited already. */
const PATIENCE = 300;

/** Drains and accounts; says where the witnesses contradict each other. A fault may hit nothing. */
async function concluded(rig: Rig): Promise<string[]> {
  await rig.conclude().catch((error) => {
    if (!(error instanceof Inconclusive)) throw error;
  });
  return rig.verdict?.contradictions ?? [];
}

function judged(rig: Rig, chronicle: Chronicle, contradictions: string[], performed: number): Run {
  const account = rig.verdict?.account ?? {};
  const fates = Object.entries(rig.verdict?.fates ?? {}) as [Fate, string[]][];
  const byTask = new Map(fates.flatMap(([fate, tasks]) => tasks.map((task) => [task, fate])));
  const accusations = accuse(chronicle, byTask);
  const outcome =
    accusations.length > 0 ? "broken" : contradictions.length > 0 ? "inconclusive" : "held";
  const told = { account, fates: rig.verdict?.fates ?? {} };
  return { outcome, accusations, doubts: contradictions, ...told, performed };
}

function manifestOf({ broker, title, rerun }: RunOptions) {
  return {
    title,
    rerun,
    fault: "none",
    broker: { image: broker.image, version: broker.version },
    node: process.version,
    startedAt: new Date().toISOString(),
  };
}
