import type { Ending } from "../../faults/broker-restart.ts";
import { noConsumerTimeout } from "../../faults/consumer-timeout.ts";
import { WORKER } from "../stand.ts";
import { firstOf, ownBroker, reaches, type Trial } from "../trial.ts";

/** What happens to the broker, and so to every worker at once. */
export const brokers: readonly Trial[] = [
  restart("graceful", "broker restarts in order"),
  restart("SIGKILL", "broker is killed"),
  {
    name: "memory alarm",
    fault: "memory-alarm",
    moment: "now",
    workers: 1,
    alone: true,
    hindrance: ownBroker,
    async course(stand) {
      const { rig } = stand;
      await stand.busy();
      const alarm = await rig.broker.memoryAlarm();
      rig.open();
      // A worker that publishes is blocked now, and waits; any other goes on.
      const isOver = () => rig.isSettled || rig.seen.publishedBy(WORKER).length > 0;
      await rig.until("the worker to go on under the alarm", isOver);
      await alarm.heal();
    },
  },
  {
    name: "consumer timeout, mid-task",
    fault: "consumer-timeout",
    moment: "mid-task",
    workers: 1,
    alone: true,
    queueType: ({ ownTopology, brokerVersion }) =>
      ownTopology && noConsumerTimeout(brokerVersion, "classic") !== undefined
        ? "quorum"
        : undefined,
    hindrance: firstOf(
      ownBroker,
      reaches("mid-task"),
      ({ ownTopology, brokerVersion, queueType }) =>
        ownTopology ? undefined : noConsumerTimeout(brokerVersion, queueType),
      ({ profile }) =>
        profile.acks && !profile.acksEarly
          ? undefined
          : "the worker does not wait for its effect with the ack, so none is late",
    ),
    async course(stand) {
      const timeout = await stand.rig.faults.consumerTimeout();
      await stand.work();
      await timeout.confine();
      // The time for a task begins when it is sent: what comes before the one to be late is done by then.
      const before = stand.nth - 1;
      await stand.publish(before);
      await stand.quiet();
      const since = stand.now;
      const strike = timeout.strike(WORKER, { at: "mid-task" });
      await Promise.all([strike, stand.publish(Math.max(1, stand.options.tasks - before))]);
      await timeout.heal();
      await stand.back(since);
    },
  },
];

function restart(ending: Ending, name: string): Trial {
  return {
    name: `${name}, mid-task`,
    fault: ending === "graceful" ? "broker-stop" : "broker-kill",
    moment: "now",
    workers: 1,
    alone: true,
    ...(ending === "SIGKILL" ? { quick: true } : {}),
    hindrance: ownBroker,
    async course(stand) {
      await stand.rig.registered();
      await stand.busy();
      const since = stand.now;
      await stand.rig.broker.restart(ending);
      await stand.back(since);
    },
  };
}
