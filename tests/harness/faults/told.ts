import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll } from "vitest";
import type { Event, FaultName } from "../../../harness/history/event.ts";
import type { Account } from "../../../harness/ledger/account.ts";
import { type Experiment, experiment } from "../../../harness/scenario/experiment.ts";
import type { Rig } from "../../../harness/scenario/rig.ts";
import { laneBroker } from "../../../harness/vitest.ts";

/** Keeps the runs of a spec apart from those that a user may want, and removes them at its end. */
export function keepRunsAside(): void {
  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "ackproof-faults-"));
    process.env.ACKPROOF_DIR = directory;
    return () => {
      delete process.env.ACKPROOF_DIR;
      rmSync(directory, { recursive: true });
    };
  });
}

export type Body = (rig: Rig) => Promise<void>;
export type Told = Experiment & { events: readonly Event[] };

/** Runs an experiment with a fault, and keeps what its witnesses told. */
export async function tell(fault: FaultName | "none", body: Body): Promise<Told> {
  const broker = await laneBroker();
  const options = { broker, queueType: "classic", title: "a fault", rerun: "nothing" } as const;
  let events: readonly Event[] = [];
  const told = await experiment({ ...options, fault }, async ({ rig }) => {
    events = rig.history.events;
    await body(rig);
  });
  return { ...told, events };
}

/** The evidence that the fault took effect; undefined where no witness saw it. */
export function witnessOf({ events }: Told): string | undefined {
  const found = events.find(({ type }) => type === "fault-witnessed");
  return found?.type === "fault-witnessed" ? found.evidence : undefined;
}

/** The account of six tasks of which none is lost or done twice. */
export const SIX: Account = { published: 6, confirmed: 6, completed: 6 };

/** Six tasks and two workers, the first of which is killed. */
export const killWorker =
  (at: "delivered" | "mid-task" | "ack-held" | "after-ack" | "now"): Body =>
  async (rig) => {
    await rig.workers(2);
    await rig.publish(6);
    await rig.kill("worker-1", { at, nth: 2 });
  };
