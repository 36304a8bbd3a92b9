import { type Stand, WORKER } from "../stand.ts";
import { firstOf, ownBroker, reaches, type Trial } from "../trial.ts";

/** SIGTERM: what every deployment sends. And SIGSTOP: what a frozen machine looks like. */
export const departures: readonly Trial[] = [
  {
    name: "SIGTERM, mid-task",
    fault: "worker-term",
    moment: "mid-task",
    workers: 1,
    quick: true,
    hindrance: reaches("mid-task"),
    async course(stand) {
      const { drain } = stand.options;
      await stand.start();
      const besides = () => stand.handsFull();
      const moment = { at: "mid-task", nth: stand.nth, besides } as const;
      const end = stand.rig.faults.terminate(WORKER, { ...moment, drain });
      await Promise.all([end, publishMoreAfterwards(stand)]);
      await stand.start();
    },
  },
  {
    name: "SIGTERM, idle",
    fault: "worker-term",
    moment: "now",
    workers: 1,
    async course(stand) {
      const { drain, tasks } = stand.options;
      await stand.work();
      await stand.publish(Math.ceil(tasks / 2));
      await stand.quiet();
      await stand.rig.faults.terminate(WORKER, { at: "now", drain });
      await stand.publish(Math.floor(tasks / 2));
      await stand.start();
    },
  },
  {
    name: "SIGSTOP past the heartbeat, mid-task",
    fault: "worker-pause",
    moment: "mid-task",
    workers: 1,
    alone: true,
    hindrance: firstOf(ownBroker, reaches("mid-task")),
    async course(stand) {
      await stand.heartbeats();
      await stand.work();
      const stop = stand.rig.faults.suspend(WORKER, { at: "mid-task", nth: stand.nth });
      const [suspension] = await Promise.all([stop, stand.publish()]);
      await suspension.givenUp();
      const since = stand.now;
      await suspension.heal();
      await stand.back(since);
    },
  },
];

/** Who leaves is to find new tasks as well, more than its prefetch has room for: they are not its. */
async function publishMoreAfterwards(stand: Stand): Promise<void> {
  const { rig, options } = stand;
  await stand.publish();
  const isAsked = () =>
    rig.history.events.some(
      (event) => event.type === "process-signalled" && event.signal === "SIGTERM",
    );
  await rig.until(`${WORKER} to be asked to leave`, isAsked);
  await stand.publish(2 * options.tasks);
}
