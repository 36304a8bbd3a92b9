import type { Broker } from "../broker/broker.ts";
import { SetupError } from "../errors.ts";
import type { Account, Fates } from "../ledger/account.ts";
import type { Fate } from "../ledger/fates.ts";
import { drain } from "../scenario/drain.ts";
import { keepEvidence, newRunId } from "../scenario/experiment.ts";
import { Inconclusive } from "../scenario/inconclusive.ts";
import { Rig } from "../scenario/rig.ts";
import { RunDirectory } from "../scenario/run-directory.ts";
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
  const { broker } = options;
  const directory = RunDirectory.create(newRunId(), manifestOf(options));
  let serving: readonly string[] = [];
  const rig = await Rig.open({
    broker,
    directory,
    queueType: "classic",
    queue: TASKS,
    patience: PATIENCE,
    drains: async () => [TASKS, DEAD],
    returning: (inFlight) => {
      const kept = keptBy(chronicle());
      return new Map([...inFlight].filter(([task]) => kept(task)));
    },
    collect: () => collectDeadLetters(chronicle()),
  });
  rig.adopt([TASKS, DEAD, "another"]); // Declaring is up to the plan.
  const world = new World(rig, options.planted);
  const chronicle = (): Chronicle => {
    const { version } = broker;
    return { deeds: world.deeds, events: rig.history.events, serving, version };
  };
  const collectDeadLetters = async (sofar: Chronicle) => {
    const awaited = new Map(awaitedIn(sofar).map((task) => [task, DEAD]));
    if (awaited.size > 0) await drain(rig.place.clients.drain, rig.history, [DEAD], awaited);
  };
  let performed = 0;
  let run: Run;
  try {
    await world.furnish();
    for (const command of plan) if (await perform(world, command)) performed += 1;
    serving = await finish(world);
    const contradictions = await concluded(rig);
    run = judged(rig, chronicle(), contradictions, performed);
  } catch (error) {
    if (error instanceof SetupError) {
      await rig.close().catch(() => {}); // What the machine can't do is said by the first failure.
      throw error;
    }
    run = doubtful(error as Error, performed);
  }
  if (run.outcome !== "held" && options.keep) {
    directory.save("deeds.json", { deeds: world.deeds, serving, version: options.broker.version });
    await keepEvidence(directory, new Map([["broker", broker]]), rig);
    run.path = directory.path;
  }
  await rig.close();
  if (run.path === undefined) directory.discard();
  return run;
}

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

function doubtful(error: Error, performed: number): Run {
  const doubts = [error.stack ?? error.message];
  return { outcome: "inconclusive", accusations: [], doubts, account: {}, fates: {}, performed };
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
