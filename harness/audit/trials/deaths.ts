import type { Moment } from "../../history/event.ts";
import { type Stand, WORKER } from "../stand.ts";
import { firstOf, reaches, type Trial } from "../trial.ts";

/** Moments at which a worker dies and is started again, the most telling first. */
const MOMENTS: readonly Moment[] = [
  "mid-task",
  "ack-held",
  "delivered",
  "after-ack",
  "publish-held",
  "confirm-held",
];

const QUICK: readonly Moment[] = ["mid-task", "ack-held", "publish-held"];

/** SIGKILL: the worker has no say in it. */
export const deaths: readonly Trial[] = [
  ...MOMENTS.map(killed),
  {
    name: "SIGKILL, startup",
    fault: "worker-kill",
    moment: "delivered",
    workers: 1,
    async course(stand) {
      await stand.publish();
      await Promise.all([stand.rig.faults.kill(WORKER, { at: "delivered" }), stand.start()]);
      await stand.start();
    },
  },
  {
    name: "SIGKILL, shutdown",
    fault: "worker-kill",
    moment: "mid-task",
    workers: 1,
    hindrance: firstOf(reaches("mid-task"), ({ profile }) =>
      profile.diesOfSigterm ? "SIGTERM ends the worker at once: it has no shutdown" : undefined,
    ),
    async course(stand) {
      await stand.midTask();
      stand.rig.subject(WORKER).signal("SIGTERM");
      const { acksFirst } = stand;
      await stand.rig.faults.kill(WORKER, { at: "mid-task", acksFirst });
      await stand.start();
    },
  },
  {
    name: "SIGKILL, mid-task, with peers",
    fault: "worker-kill",
    moment: "mid-task",
    workers: 2,
    hindrance: reaches("mid-task"),
    course: (stand) => killedAmongPeers(stand, "mid-task"),
  },
  {
    name: "SIGKILL, ack-held, with peers",
    fault: "worker-kill",
    moment: "ack-held",
    workers: 2,
    hindrance: reaches("ack-held"),
    course: (stand) => killedAmongPeers(stand, "ack-held"),
  },
];

function killed(moment: Moment): Trial {
  return {
    name: `SIGKILL, ${moment}`,
    fault: "worker-kill",
    moment,
    workers: 1,
    ...(QUICK.includes(moment) ? { quick: true } : {}),
    hindrance: reaches(moment),
    async course(stand) {
      const { acksFirst, nth } = stand;
      await stand.start();
      const death = stand.rig.faults.kill(WORKER, { at: moment, nth, acksFirst });
      await Promise.all([death, stand.publish()]);
      await stand.start();
    },
  };
}

/** Nobody starts it again: its peers take over. */
async function killedAmongPeers(stand: Stand, moment: Moment): Promise<void> {
  const { acksFirst, options } = stand;
  await stand.work(options.workers);
  const death = stand.rig.faults.kill(WORKER, { at: moment, acksFirst });
  await Promise.all([death, stand.publish()]);
}
