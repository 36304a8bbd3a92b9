import { WORKER } from "../stand.ts";
import type { Trial } from "../trial.ts";

/** Milliseconds for a task that has failed to be tried again, or put aside. */
const AGAIN = 10_000;

/** The API that a worker calls is overloaded for a moment: the task can be done all the same. */
export const failure: Trial = {
  name: "an effect that fails once",
  fault: "none",
  adversity: "effect-refusal",
  moment: "now",
  workers: 1,
  quick: true,
  hindrance: ({ isLive }) => (isLive ? undefined : "only the sink can let an effect fail"),
  async course(stand) {
    const { rig } = stand;
    const failing = rig.nextTask;
    rig.failOnce(failing);
    await stand.work();
    await stand.publish();
    const hasFailed = () => rig.seen.refusedTo(WORKER).includes(failing);
    await rig.until(`the effect of ${failing} to fail`, hasFailed, AGAIN);
  },
};
