import { relative, sep } from "node:path";
import type { TestContext, TestError } from "vitest";
import type { Broker } from "../broker/broker.ts";
import { SetupError } from "../errors.ts";
import type { FaultName, QueueType } from "../history/event.ts";
import { reportLine } from "../report/html/write.ts";
import { rerunInVitest } from "../report/rerun.ts";
import { keepEvidence, manifestOf, newRunId } from "../scenario/experiment.ts";
import { livesBesides } from "../scenario/lives.ts";
import { Rig } from "../scenario/rig.ts";
import { type Manifest, RunDirectory } from "../scenario/run-directory.ts";
import { WorkerBroker } from "./worker-broker.ts";

/** What can be said of the rigs of some tests. */
export interface RigFixtureOptions {
  /**
   * A series such as `"4.0"`, or an image. Where nothing is said, it is the image that
   * `RABBITMQ_IMAGE` names, or the one that is prepared on this machine.
   */
  broker?: string | undefined;
  /** The type of the queues. @default "classic" */
  queueType?: QueueType | undefined;
  /** The queue that workers are told to consume from. @default "tasks" */
  queue?: string | undefined;
  /**
   * The fault that the tests are about, or `"none"`: where another landed, or it did not, they prove
   * nothing and fail. Where nothing is said, whichever faults are injected must land.
   */
  fault?: FaultName | "none" | undefined;
  /**
   * Milliseconds in which nothing moves before a task that has no end counts as stuck.
   *
   * @default 10_000
   */
  patience?: number | undefined;
}

/** What `test.extend` takes. */
export type RigFixture = (context: TestContext, use: (rig: Rig) => Promise<void>) => Promise<void>;

/** Milliseconds: a broker that boots, and a worker that is waited for in vain. */
const LEAST_TIMEOUT = 20_000;

/**
 * A fixture that gives each test a rig: a virtual host of its own, the link that workers connect
 * through, the sink for their effects, and faults. The tests of one of vitest's workers share a
 * broker, which boots with the first of them and is removed after the last; nothing is left, however
 * vitest ends. Where a test fails, its run is kept, and the error says where.
 *
 * A test with a rig takes longer than vitest's 5 s: set `testTimeout: 60_000`.
 *
 * @throws {SetupError} in the test, where there is no container engine or no such image, where the
 * broker does not boot, or where the test has too little time.
 *
 * @example
 * const test = base.extend({ rig: rig({ queueType: "quorum" }) });
 * test("a task outlives its worker", async ({ rig }) => {
 *   await rig.workers(2, { command: ["node", "worker.js"] });
 *   await rig.publish(10);
 *   await rig.kill("worker-1", { at: "mid-task" });
 *   await expect(rig).toLoseNothing();
 * });
 */
export function rig(options: RigFixtureOptions = {}): RigFixture {
  const shared = WorkerBroker.claim(options.broker);
  return async ({ task }, use) => {
    requireTime(task);
    const broker = await shared.up();
    const run = openRun(task, broker, options);
    const rig = await openRig(broker, run.directory, options);
    const before = task.result?.errors?.length ?? 0;
    await use(rig);
    const errors = task.result?.errors?.slice(before) ?? [];
    if (errors.length > 0) return fail(errors, rig, broker, run);
    await rig.close();
    run.directory.discard();
  };
}

type Task = TestContext["task"];

/** Of a test: what is kept if it fails. */
interface Run {
  directory: RunDirectory;
  manifest: Manifest;
}

function requireTime({ timeout }: Task): void {
  if (timeout === 0 || timeout >= LEAST_TIMEOUT) return;
  throw new SetupError(
    `A test with a rig needs more than ${timeout / 1000} s, for a broker that boots and a task ` +
      "that never ends: set testTimeout: 60_000 in vitest's configuration.",
  );
}

function openRun(task: Task, broker: Broker, { queueType, fault }: RigFixtureOptions): Run {
  const title = task.fullTestName;
  const file = relative(process.cwd(), task.file.filepath).split(sep).join("/");
  const manifest = manifestOf({
    title,
    rerun: rerunInVitest(file, title.replaceAll(" > ", " ")),
    broker,
    queueType: queueType ?? "classic",
    fault: fault ?? "none",
  });
  return { directory: RunDirectory.create(newRunId(), manifest), manifest };
}

async function openRig(
  broker: Broker,
  directory: RunDirectory,
  { queueType = "classic", queue, fault, patience }: RigFixtureOptions,
): Promise<Rig> {
  try {
    return await Rig.open({
      broker,
      directory,
      queueType,
      fault,
      ...(queue === undefined ? {} : { queue }),
      ...(patience === undefined ? {} : { patience }),
    });
  } catch (error) {
    directory.discard();
    throw error;
  }
}

/** Keeps what there is to see, and adds to the errors what there is to say. */
async function fail(
  errors: readonly TestError[],
  rig: Rig,
  broker: Broker,
  { directory, manifest }: Run,
): Promise<void> {
  const injected = rig.history.events.find((event) => event.type === "fault-injected");
  directory.save("manifest.json", { ...manifest, fault: injected?.fault ?? manifest.fault });
  await keepEvidence(directory, new Map([["broker", broker]]), rig);
  await rig.close().catch((cause) => rig.notes.push(`could not clean up: ${cause}`));
  const reasons = errors.map(({ message }) => message);
  directory.save("failure.json", { outcome: "broken", reasons });
  const report = reportLine(directory.path);
  for (const error of errors) {
    tell(error, [
      ...livesBesides(error.message, rig),
      ...rig.notes.filter((note) => note.startsWith("could not")),
      `History: ${relative(process.cwd(), directory.path)}`,
      report,
      `Again: ${manifest.rerun}`,
    ]);
  }
}

/** Adds lines to what an error says: its stack begins with that, and some reporters show no more. */
function tell(error: TestError, lines: readonly string[]): void {
  const { message, stack } = error;
  error.message = [message, ...lines].join("\n");
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
}
