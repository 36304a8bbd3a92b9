import type { Broker } from "../../../harness/broker/broker.ts";
import type { Event, QueueType } from "../../../harness/history/event.ts";
import { manifestOf, newRunId } from "../../../harness/scenario/experiment.ts";
import { Rig } from "../../../harness/scenario/rig.ts";
import { RunDirectory } from "../../../harness/scenario/run-directory.ts";

/** Milliseconds from the order to kill the broker, part by part. */
export interface Verdict {
  /** Up to the engine's word that it is dead. */
  dead: number;
  /** From there up to its answer to the harness. */
  up: number;
  /** From there up to the end of the last task. */
  done: number;
  /** From there up to the verdict: workers leave, queues are drained, the ledger judges. */
  judged: number;
}

/** What is at stake in every turn, as in most specs: tasks that wait, and tasks in hand. */
const TASKS = 100;
const WORKERS = 2;
const PREFETCH = 10;

/** An experiment whose broker is killed while tasks are in hand, up to its verdict. */
export async function timeVerdict(broker: Broker, queueType: QueueType): Promise<Verdict> {
  return withRig(broker, queueType, async (rig) => {
    const began = performance.now();
    const before = rig.history.events.length;
    await rig.broker.restart("SIGKILL");
    const { outcome, account } = await rig.conclude();
    const took = performance.now() - began;
    // Whatever was measured of a verdict that is another one says nothing.
    if (account.lost || account.remaining || account.confirmed !== TASKS) {
      throw new Error(`The verdict is ${outcome}: ${JSON.stringify(account)}`);
    }
    return partsOf(rig.history.events.slice(before), took);
  });
}

/** The same broker with the same in its queue, and nobody who waits for it: milliseconds to boot. */
export async function timeBoot(broker: Broker, queueType: QueueType): Promise<number> {
  return withRig(broker, queueType, async (rig) => {
    await rig.endSubjects();
    await broker.kill();
    const began = performance.now();
    await broker.start();
    return performance.now() - began;
  });
}

/** Opens an experiment up to the moment before its broker is killed. */
async function withRig<T>(
  broker: Broker,
  queueType: QueueType,
  action: (rig: Rig) => Promise<T>,
): Promise<T> {
  const told = { title: "From kill to verdict", rerun: "npm run bench -- kill" };
  const directory = RunDirectory.create(
    newRunId(),
    manifestOf({ broker, queueType, fault: "broker-kill", ...told }),
  );
  const rig = await Rig.open({ broker, queueType, fault: "broker-kill", directory });
  try {
    await rig.workers(WORKERS, { prefetch: PREFETCH });
    await rig.registered();
    await rig.publish(TASKS);
    return await action(rig);
  } finally {
    await rig.close();
    directory.discard();
  }
}

function partsOf(events: readonly Event[], took: number): Verdict {
  const [order] = events;
  const at = (event: Event | undefined) => (event?.at ?? Number.NaN) - (order?.at ?? Number.NaN);
  const dead = at(events.find(({ type }) => type === "broker-down"));
  const up = at(events.find(({ type }) => type === "broker-up"));
  const done = at(events.findLast(({ type }) => type === "acked"));
  return { dead, up: up - dead, done: done - up, judged: took - done };
}
