import type { Moment } from "../../history/event.ts";
import { unlessMissed, WORKER } from "../stand.ts";
import { firstOf, ownBroker, reaches, type Trial } from "../trial.ts";

/** More than two heartbeats of a second: by then each side has noticed. */
const SILENCE = 5_000;

/** Connections, channels and consumers that end under a worker which lives on. */
export const cuts: readonly Trial[] = [
  reset("mid-task"),
  reset("ack-held"),
  {
    name: "connection half-open, mid-task",
    fault: "half-open",
    moment: "mid-task",
    workers: 1,
    alone: true,
    hindrance: firstOf(ownBroker, reaches("mid-task")),
    async course(stand) {
      const { rig } = stand;
      await stand.heartbeats();
      await stand.work();
      const cut = rig.network.halfOpen(WORKER, { at: "mid-task", nth: stand.nth });
      const [fault] = await Promise.all([cut, stand.publish()]);
      const isOver = () => rig.seen.endedOf(WORKER).length > 0;
      await rig.until("a side to notice the silence", isOver, SILENCE).catch(unlessMissed);
      const since = stand.now;
      fault.heal();
      await stand.back(since);
    },
  },
  {
    name: "channel closed by the broker, mid-task",
    fault: "channel-closure",
    moment: "mid-task",
    workers: 1,
    hindrance: reaches("mid-task"),
    async course(stand) {
      await stand.work();
      const since = stand.now;
      const closure = stand.rig.faults.closeChannels(WORKER, { at: "mid-task", nth: stand.nth });
      await Promise.all([closure, stand.publish()]);
      await stand.back(since);
    },
  },
  {
    name: "consumer cancelled: its queue is deleted and declared again",
    fault: "queue-deletion",
    moment: "now",
    workers: 1,
    hindrance: firstOf(ownBroker, ({ ownTopology }) =>
      ownTopology ? undefined : "the queue is yours: it is not deleted",
    ),
    async course(stand) {
      const { tasks } = stand.options;
      await stand.work();
      await stand.publish(Math.ceil(tasks / 2));
      await stand.quiet();
      const since = stand.now;
      await stand.replaceQueue();
      await stand.back(since);
      await stand.publish(Math.floor(tasks / 2));
    },
  },
];

function reset(moment: Moment): Trial {
  return {
    name: `connection reset, ${moment}`,
    fault: "connection-reset",
    moment,
    workers: 1,
    quick: true,
    hindrance: reaches(moment),
    async course(stand) {
      await stand.work();
      const cut = stand.rig.network.reset(WORKER, { at: moment, nth: stand.nth });
      await Promise.all([cut, stand.publish()]);
      await stand.back(stand.now);
    },
  };
}
