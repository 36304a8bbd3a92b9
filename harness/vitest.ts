import { basename, relative, sep } from "node:path";
import { afterAll, inject, type TestContext, test } from "vitest";
import { Broker, timeBooting } from "./broker/broker.ts";
import { type PreparedImage, preparedOf } from "./broker/image.ts";
import { commandLine } from "./command-line.ts";
import { SetupError } from "./errors.ts";
import type { FaultName, QueueType } from "./history/event.ts";
import { reportLine } from "./report/html/write.ts";
import { peakMemory } from "./report/memory.ts";
import { rerunOf } from "./report/rerun.ts";
import type { SpecDeclaration, SpecKind, SpecResult } from "./report/result.ts";
import { type Experiment, experiment } from "./scenario/experiment.ts";
import { closeLaneCluster, laneCluster } from "./scenario/lane-cluster.ts";
import type { Nodes } from "./scenario/nodes.ts";
import { onOwnNodes } from "./scenario/own-broker.ts";
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
  /**
   * Traffic flows for as long as the experiment takes. Its account is exact, and in no two runs the
   * same, so the document does not quote it.
   */
  underLoad?: true;
  /** How many nodes the broker is, in a cluster; a single one when left out. */
  nodes?: number;
  /**
   * The series, such as `4.0`, of a broker or a cluster that this spec has for itself, and may turn
   * into another version: the one that the lane's broker is, on which the promise is counted.
   */
  startsOn?: string;
  /** Why there is nothing to show on a broker of this version; undefined where there is. */
  notApplicable?: (version: string) => string | undefined;
}

/** What a spec is given: `image` is that of the lane's broker, which the promise is about. */
export type SpecBody = (context: { rig: Rig; image: string }) => Promise<void>;

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
    const { fault, docs, surprise, underLoad, nodes, startsOn } = options;
    const { queues = ["classic", "quorum"] } = options;
    if (nodes !== undefined && startsOn === undefined) clusterEndsWithFile();
    const besides = {
      ...(surprise === undefined ? {} : { surprise }),
      ...(underLoad === undefined ? {} : { underLoad }),
    };
    for (const queueType of queues) {
      const spec = { kind, promise, queueType, fault, docs, ...besides };
      test(`${promise} · ${queueType}`, { meta: { spec } }, async ({ task, skip }) => {
        const broker = await laneBroker();
        const start = startsOn === undefined ? undefined : await preparedOf(startsOn);
        const reason =
          options.notApplicable?.(broker.version) ??
          uncuttable(fault, broker) ??
          unprepared(startsOn, start);
        const declared = { ...spec, ...placeOf(task) };
        if (reason === undefined && start) {
          const own = { image: start.name, nodes, beside: broker };
          return onOwnNodes(own, (on) => run(task, declared, on, body));
        }
        if (reason === undefined) {
          const on = nodes === undefined ? { broker } : await laneCluster(nodes, broker);
          return run(task, declared, on, body);
        }
        task.meta.ackproof = notApplicable(declared, broker, reason);
        skip(reason);
      });
    }
  };
}

/** Why the power of a broker can't be cut, where a spec is about that. */
function uncuttable(fault: SpecOptions["fault"], { disk }: Broker): string | undefined {
  if (fault !== "power-cut" || disk) return undefined;
  return inject("diskless") || "the brokers of this run have no disks of their own";
}

/** Why a spec that starts on another version can't. */
function unprepared(series: string | undefined, image: PreparedImage | undefined) {
  if (series === undefined || image) return undefined;
  const remedy = commandLine("setup", "--all");
  return `no RabbitMQ ${series} is prepared here to start on: \`${remedy}\``;
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
  on: Nodes,
  body: SpecBody,
): Promise<void> {
  const began = { at: performance.now(), waits: timeWaited(), boots: timeBooting() };
  const { image, version } = await laneBroker();
  const { queueType, fault } = spec;
  const told = { queueType, fault, title: task.name, rerun: rerunOf(spec), report: reportLine };
  const done = await experiment({ ...on, ...told }, ({ rig }) => body({ rig, image }));
  const boots = timeBooting() - began.boots;
  task.meta.ackproof = {
    ...spec,
    ...found(done),
    broker: { image, version },
    time: {
      boots,
      waits: timeWaited() - began.waits,
      total: performance.now() - began.at,
    },
    memory: peakMemory(),
  };
  if (done.error) throw done.error;
}

function found({ outcome, account, availability, notes, figures, reasons, run }: Experiment) {
  return {
    outcome,
    account,
    notes,
    figures,
    reasons,
    ...(availability === undefined ? {} : { availability }),
    ...(run === undefined ? {} : { run }),
  } satisfies Partial<SpecResult>;
}

let endsWithFile = false;

/** A module is loaded anew for each file of specs, and so this is said once for each. */
function clusterEndsWithFile(): void {
  if (endsWithFile) return;
  endsWithFile = true;
  afterAll(closeLaneCluster);
}

let attached: Broker | undefined;

/**
 * The broker of this worker's lane. No other spec uses it at the same time. Where the last spec has
 * left it down or frozen, it is brought up again.
 */
export async function laneBroker(): Promise<Broker> {
  if (attached?.state === "running") return attached;
  const lanes: string[] | undefined = inject("lanes");
  if (!lanes)
    throw new SetupError(
      'No broker was booted: globalSetup has to name "ackproof/vitest/global-setup".',
    );
  const id = lanes[Number(process.env.VITEST_POOL_ID) - 1];
  if (id === undefined) throw new SetupError("There are fewer brokers than vitest has workers");
  attached = await Broker.attach(id);
  return attached;
}
