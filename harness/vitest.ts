import { basename, relative, sep } from "node:path";
import { inject, type TestContext, test } from "vitest";
import { Broker, timeBooting } from "./broker/broker.ts";
import { SetupError } from "./errors.ts";
import type { FaultName, QueueType } from "./history/event.ts";
import { peakMemory } from "./report/memory.ts";
import type { SpecDeclaration, SpecKind, SpecResult } from "./report/result.ts";
import { type Experiment, experiment } from "./scenario/experiment.ts";
import type { Rig } from "./scenario/rig.ts";
import { timeWaited } from "./until.ts";

export interface SpecOptions {
  /**
   * Where the documentation makes the promise: a link; or `observed`, where none does, and only
   * the experiment says that it is so.
   */
  docs: string;
  /** The fault that the promise is about. Where it did not land, nothing was proven. */
  fault: FaultName | "none";
  /** Both types of queue, unless the promise is about one. */
  queues?: readonly QueueType[];
  /**
   * The rank of a promise, 1 to 15, among the fifteen that most teams get wrong. They are the first
   * page of the document.
   */
  surprise?: number;
  /** Why there is nothing to show on a broker of this version; undefined where there is. */
  notApplicable?: (version: string) => string | undefined;
}

export type SpecBody = (context: { rig: Rig }) => Promise<void>;

/** A promise, and its proof: the experiment, and the exact account of every task. */
export const guarantee = specs("guarantee");

/** The twin of a guarantee: one setting is weakened, and the loss is counted exactly. */
export const limit = specs("limit");

/** A promise of the documentation that a version breaks. Green as long as it does. */
export const finding = specs("finding");

/** Figures without a judgement, from an experiment whose account is exact all the same. */
export const measurement = specs("measurement");

function specs(kind: SpecKind) {
  return (promise: string, options: SpecOptions, body: SpecBody): void => {
    const { fault, docs, surprise, queues = ["classic", "quorum"] } = options;
    const ranked = surprise === undefined ? {} : { surprise };
    for (const queueType of queues) {
      const spec = { kind, promise, queueType, fault, docs, ...ranked };
      test(`${promise} · ${queueType}`, { meta: { spec } }, async ({ task, skip }) => {
        const broker = await laneBroker();
        const reason = options.notApplicable?.(broker.version);
        const declared = { ...spec, ...placeOf(task) };
        if (reason === undefined) return run(task, declared, body);
        task.meta.ackproof = notApplicable(declared, broker, reason);
        skip(reason);
      });
    }
  };
}

/** Where a spec stands: the call that declares it, though `test` is called here. */
function placeOf({ file, location }: TestContext["task"]) {
  return {
    family: basename(file.name, ".spec.ts"),
    file: relative(process.cwd(), file.filepath).split(sep).join("/"),
    line: location?.line ?? 1,
  };
}

function notApplicable(spec: SpecDeclaration, broker: Broker, reason: string): SpecResult {
  const { image, version } = broker;
  return {
    ...spec,
    outcome: "not-applicable",
    account: {},
    notes: [],
    figures: [],
    reasons: [reason],
    broker: { image, version },
    time: { boots: 0, waits: 0, total: 0 },
  };
}

async function run(
  task: TestContext["task"],
  spec: SpecDeclaration,
  body: SpecBody,
): Promise<void> {
  const began = { at: performance.now(), waits: timeWaited(), boots: timeBooting() };
  const broker = await laneBroker();
  const { promise, queueType, fault } = spec;
  const rerun = `npm run guarantees -- -t "${promise}" --queue ${queueType}`;
  const done = await experiment({ broker, queueType, fault, title: task.name, rerun }, body);
  const boots = timeBooting() - began.boots;
  task.meta.ackproof = {
    ...spec,
    ...found(done),
    broker: { image: broker.image, version: broker.version },
    time: {
      boots,
      waits: timeWaited() - began.waits,
      total: performance.now() - began.at,
    },
    memory: peakMemory(),
  };
  if (done.error) throw done.error;
}

function found({ outcome, account, notes, figures, reasons, run }: Experiment) {
  return {
    outcome,
    account,
    notes,
    figures,
    reasons,
    ...(run === undefined ? {} : { run }),
  } satisfies Partial<SpecResult>;
}

let attached: Broker | undefined;

/**
 * The broker of this worker's lane. No other spec uses it at the same time. Where the last spec has
 * left it down or frozen, it is brought up again.
 */
export async function laneBroker(): Promise<Broker> {
  if (attached?.state === "running") return attached;
  const id = inject("lanes")[Number(process.env.VITEST_POOL_ID) - 1];
  if (id === undefined) throw new SetupError("There are fewer brokers than vitest has workers");
  attached = await Broker.attach(id);
  return attached;
}
