import { unlessMissed, WORKER } from "../stand.ts";
import type { Trial } from "../trial.ts";

/** Milliseconds for a task that can't be done to be put aside, or to come round too often. */
const ROUNDS = 10_000;

/** One task that nobody can do, among others that anybody can. */
export const poison: Trial = {
  name: "a task that can't be done",
  fault: "none",
  adversity: "poison-task",
  moment: "now",
  workers: 1,
  quick: true,
  async course(stand) {
    const { rig } = stand;
    const { deliveries } = stand.options;
    await stand.work();
    await stand.publish(2);
    const poisoned = await stand.publishPoison();
    await stand.publish(stand.options.tasks - 3);
    rig.open();
    const times = () => rig.seen.deliveredTo(WORKER).filter((task) => task === poisoned).length;
    const isOver = () => rig.isSettled || times() > deliveries;
    await rig.until(`${poisoned} to be put aside`, isOver, ROUNDS).catch(unlessMissed);
    if (!rig.isSettled) await stand.end(); // It would go round for ever.
  },
};
