import type { Event } from "../history/event.ts";
import type { Expectation, Verdict } from "../ledger/verdict.ts";
import type { TrialResult } from "../report/audit-result.ts";
import { Inconclusive } from "../scenario/inconclusive.ts";
import { Rig } from "../scenario/rig.ts";
import { RunDirectory } from "../scenario/run-directory.ts";
import type { Strays } from "../sink/sink.ts";
import { keepBrokerLog } from "./broker-log.ts";
import type { Bench, Court } from "./court.ts";
import { draw } from "./draw.ts";
import { Ground } from "./ground.ts";
import { propertiesOf } from "./identity.ts";
import { type Charge, chargesOf } from "./judgement.ts";
import { soundConvictions, trialOutcome } from "./sound.ts";
import { Stand } from "./stand.ts";
import type { Circumstances, Trial } from "./trial.ts";
import { withWayOut } from "./way-out.ts";

/** A trial that has taken place. */
export interface Tried {
  result: TrialResult;
  /** That the worker was to consume from. */
  queue: string;
  charges: Charge[];
  events: readonly Event[];
  verdict: Verdict | undefined;
  /** What kept the course from its end. */
  error: unknown;
  /** Processes that its workers have left running when they ended. */
  left: number;
  /** What was asked of the sink that is no effect. */
  strays: Readonly<Strays>;
}

/**
 * Which of its tasks a worker has in hand when it is struck. There is traffic before; and enough
 * tasks follow to tell one that stands still from one that has finished.
 */
const STRUCK = [2, 3, 4] as const;

/**
 * Runs one trial from its queues to its judgement.
 *
 * @param number unique in the run.
 * @throws {SetupError} when the queues can't be had.
 */
export async function runTrial(
  trial: Trial,
  number: number,
  bench: Bench,
  court: Court,
  circumstances?: Circumstances,
): Promise<Tried> {
  const began = performance.now();
  const startedAt = Date.now();
  const { options, run, signal } = court;
  const short = String(number).padStart(2, "0");
  const queueType = (circumstances && trial.queueType?.(circumstances)) ?? options.queueType;
  const ground = new Ground(short, queueType, bench, court);
  const place = `trials/${short}-${trial.name.replace(/[^\w]+/g, "-").toLowerCase()}`;
  const directory = openDirectory(`${run}/${place}`, trial, bench, court);
  const rig = await Rig.open(rigOptions(trial, ground, directory, bench, court));
  const leave = () => void rig.endSubjects().catch(() => {});
  signal.addEventListener("abort", leave);
  try {
    await ground.declare(rig);
    const nth = STRUCK[draw(options.seed, trial.name, STRUCK.length)] ?? STRUCK[0];
    const stand = new Stand(rig, { options, ground, nth, profile: circumstances?.profile });
    const error = await failureOf(trial.course(stand));
    signal.throwIfAborted();
    const doubt = await failureOf(rig.conclude());
    signal.throwIfAborted();
    const { verdict } = rig;
    if (verdict) directory.save("verdict.json", verdict);
    await keepBrokerLog(directory, bench, startedAt);
    // A course that broke off is why a fault did not land, and whatever else was not shown.
    const reasons = reasonsOf(error ?? doubt);
    const convictions = soundConvictions(verdict, error !== undefined).map((conviction) =>
      withWayOut(conviction, options),
    );
    const result: TrialResult = {
      ...identityOf(trial),
      outcome: trialOutcome(verdict, convictions, reasons),
      reasons,
      account: verdict?.account ?? {},
      convictions,
      directory: place,
      milliseconds: Math.round(performance.now() - began),
    };
    const charges = chargesOf(trial.name, result.convictions, rig);
    const { events } = rig.history;
    const { strays } = rig.place.stage.sink;
    const left = leftBehind(rig);
    return { result, queue: ground.queue, charges, events, verdict, error, left, strays };
  } finally {
    signal.removeEventListener("abort", leave);
    await ground.clear(rig).catch(() => {}); // A broker that is gone keeps nothing of ours in reach.
    await rig.close();
  }
}

/** Which trial it was, and what it did. */
export function identityOf({ name, fault, adversity, moment, workers }: Trial) {
  return { name, fault, ...(adversity ? { adversity } : {}), moment, workers };
}

function rigOptions(
  { fault }: Trial,
  ground: Ground,
  directory: RunDirectory,
  bench: Bench,
  court: Court,
) {
  const { options, effects } = court;
  return {
    ...bench,
    queueType: ground.queueType,
    defaultQueueType: ground.queueType,
    fault,
    directory,
    queue: ground.queue,
    identity: ground.identity,
    publishing: {
      exchange: options.exchange,
      ...(options.exchange === "" ? {} : { queue: options.routingKey ?? ground.queue }),
      content: (task: string) => ground.contentOf(task),
      properties: (task: string) => ({
        ...propertiesOf(task, options.id),
        contentType: options.contentType,
      }),
    },
    taskName: (n: number) => ground.name(n),
    expectation: expectationOf(court),
    effectsAreLive: effects.isLive,
    patience: options.patience,
    drains: (rig: Rig) => ground.drains(rig),
    collect: (rig: Rig) => ground.collect(rig, directory),
  };
}

function leftBehind(rig: Rig): number {
  return rig.subjectNames.reduce((sum, name) => sum + rig.subject(name).left, 0);
}

/** An audit's standard: whatever is wrong counts, and what nobody looks at is not claimed. */
function expectationOf({ options, effects }: Court): Expectation {
  const { duplicates, exits, allow, deliveries } = options;
  return {
    convictions: "all",
    allow: duplicates === "allow" ? [...allow, "duplicated"] : allow,
    deliveries,
    ...(exits === "allow" ? { exits } : {}),
    ...(effects.sees ? {} : { effects: "unobserved" as const }),
  };
}

function openDirectory(id: string, trial: Trial, bench: Bench, court: Court) {
  const { options, run, again } = court;
  const { name, fault, moment, workers } = trial;
  const { image, version, digest } = bench.broker;
  return RunDirectory.create(id, {
    title: name,
    rerun: again(name),
    fault,
    moment,
    workers,
    audit: run,
    seed: options.seed,
    broker: { image, version, digest },
    node: process.version,
    startedAt: new Date().toISOString(),
  });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

function reasonsOf(error: unknown): string[] {
  if (error === undefined) return [];
  if (error instanceof Inconclusive) return error.reasons;
  return [error instanceof Error ? error.message : String(error)];
}
