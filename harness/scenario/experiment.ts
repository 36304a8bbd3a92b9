import { randomUUID } from "node:crypto";
import { relative } from "node:path";
import type { Broker } from "../broker/broker.ts";
import { SetupError } from "../errors.ts";
import type { FaultName, QueueType } from "../history/event.ts";
import type { Account } from "../ledger/account.ts";
import type { Availability } from "../ledger/availability.ts";
import type { Outcome } from "../ledger/verdict.ts";
import { Inconclusive } from "./inconclusive.ts";
import { livesBesides } from "./lives.ts";
import type { Nodes } from "./nodes.ts";
import { Rig } from "./rig.ts";
import { type Manifest, RunDirectory } from "./run-directory.ts";

export interface ExperimentOptions extends Nodes {
  queueType: QueueType;
  fault: FaultName | "none";
  title: string;
  /** The command that runs it again. */
  rerun: string;
  /** Makes a page of the directory that is kept, and says in a line where, or why there is none. */
  report?: (path: string) => string;
}

/** How an experiment ended. */
export interface Experiment {
  /** `setup`: the machine could not run it, so nothing was proven either way. */
  outcome: Outcome | "setup";
  account: Account;
  /** Answers of the broker that are the same in every run. */
  notes: string[];
  /** What was measured. */
  figures: string[];
  /** How long its faults kept confirms and deliveries away, if it came to a verdict. */
  availability?: Availability;
  /** Why it is not `held`. */
  reasons: string[];
  /** Where its history is kept, if it did not hold. */
  run?: string;
  /** What it failed with, in the words of the promise that broke. */
  error?: Error;
}

/**
 * Runs one experiment from its steady state to its judgement. Its directory is kept only when it
 * did not hold.
 *
 * @throws {SetupError} when it could not even begin.
 */
export async function experiment(
  options: ExperimentOptions,
  body: (context: { rig: Rig }) => Promise<void>,
): Promise<Experiment> {
  const directory = RunDirectory.create(newRunId(), manifestOf(options));
  const rig = await Rig.open({ ...options, directory });
  try {
    await body({ rig });
    await rig.conclude();
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return failed(options, rig, directory, error);
  }
  await rig.close();
  directory.discard();
  const { notes, figures } = rig;
  return { outcome: "held", reasons: [], ...judged(rig), notes, figures };
}

/** Keeps what there is to see, and composes what there is to say. */
async function failed(
  { broker, cluster, title, rerun, report }: ExperimentOptions,
  rig: Rig,
  directory: RunDirectory,
  error: Error,
): Promise<Experiment> {
  const outcome = outcomeOf(error);
  const reasons = reasonsOf(error);
  await keepEvidence(directory, cluster?.nodes ?? new Map([["broker", broker]]), rig);
  directory.save("failure.json", { outcome, reasons, ...compared(error) });
  await rig.close().catch((cause) => rig.notes.push(`could not clean up: ${cause}`));
  error.message = [
    `${outcome.toUpperCase()}: ${title}`,
    ...wordsOf(error),
    ...(outcome === "broken" ? livesBesides(error.message, rig) : []),
    `History: ${relative(process.cwd(), directory.path)}`,
    ...(report ? [report(directory.path)] : []),
    `Again: ${rerun}`,
  ].join("\n");
  const { notes, figures } = rig;
  return { outcome, reasons, ...judged(rig), notes, figures, run: directory.path, error };
}

function judged({ verdict }: Rig): Pick<Experiment, "account" | "availability"> {
  if (verdict === undefined) return { account: {} };
  const { account, availability } = verdict;
  return { account, availability };
}

export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\..*/g, "");
  return `${stamp}-${randomUUID().slice(0, 8)}`;
}

export function manifestOf(options: ExperimentOptions): Manifest {
  const { broker, title, rerun, fault, queueType } = options;
  return {
    title,
    rerun,
    fault,
    queueType,
    broker: { image: broker.image, version: broker.version, digest: broker.digest },
    node: process.version,
    startedAt: new Date().toISOString(),
  };
}

/** What an assertion says of two objects is in their difference, which the report shows. */
function wordsOf(error: Error & { actual?: unknown }): string[] {
  return error.name === "AssertionError" && typeof error.actual === "object" ? [] : [error.message];
}

/** What an assertion compared, where it says so: a promise may declare more than the ledger knows. */
function compared(error: Error & { expected?: unknown; actual?: unknown }): object {
  const { expected, actual } = error;
  return error.name === "AssertionError" ? { expected, actual } : {};
}

/** A failed assertion breaks the promise. Anything else means that the experiment went wrong. */
function outcomeOf(error: Error): Experiment["outcome"] {
  if (error instanceof SetupError) return "setup";
  return error.name === "AssertionError" || isMatcher(error) ? "broken" : "inconclusive";
}

/** What a failed `expect.extend` throws has no name of its own. */
function isMatcher(error: Error): boolean {
  return "__vitest_error_context__" in error;
}

function reasonsOf(error: Error): string[] {
  return error instanceof Inconclusive ? error.reasons : [error.message];
}

/** Beside the history: the verdict, if there is one, and what the nodes have logged. */
export async function keepEvidence(
  directory: RunDirectory,
  nodes: ReadonlyMap<string, Broker>,
  rig: Rig,
): Promise<void> {
  try {
    if (rig.verdict) directory.save("verdict.json", rig.verdict);
    for (const [name, node] of nodes) directory.save(`logs/${name}.log`, await node.log());
  } catch (cause) {
    rig.notes.push(`could not keep all of the evidence: ${cause}`);
  }
}
