import { expect } from "vitest";
import { type End, endOfSilence } from "../../harness/scenario/silence.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const VALUE = "https://www.rabbitmq.com/docs/heartbeats#heartbeats-timeout";
const DISABLING = "https://www.rabbitmq.com/docs/heartbeats#disabling";

/** The heartbeat timeout that a client asks for, in seconds. Heartbeats are sent twice as often. */
const TIMEOUT = 1;

function inTimeouts({ atLeast, atMost }: End): string {
  return `${atLeast} to ${atMost} heartbeat timeouts`;
}

guarantee(
  "A silent worker's task goes to another after two heartbeat timeouts, and before four",
  { docs: "observed", fault: "half-open" },
  async ({ rig }) => {
    await rig.workers(2, { heartbeat: TIMEOUT });
    const silent = rig.network.halfOpen("worker-1", { at: "delivered", nth: 2 });
    await rig.publish(10);
    await silent;
    rig.open();
    const silence = await endOfSilence(rig, "worker-1", "acked", TIMEOUT);
    rig.figures.push(`the broker gave the worker up after ${inTimeouts(silence)}`);
    expect(silence.atMost).toBeGreaterThanOrEqual(2);
    expect(silence.atLeast).toBeLessThan(4);
    await rig.until("the rest to be done", () => rig.seen.effectsOf("worker-2").length === 9);
    expect(rig.seen.redeliveredTo("worker-2")).toEqual(rig.seen.deliveredTo("worker-1").slice(1));
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
  },
);

limit(
  "A worker given up for its silence does the task in hand all the same, and so does the next",
  { docs: VALUE, fault: "half-open" },
  async ({ rig }) => {
    await rig.workers(2, { heartbeat: TIMEOUT });
    await rig.publish(10);
    await rig.network.halfOpen("worker-1", { at: "mid-task" });
    await rig.until("the broker to give it up", () => rig.seen.endedOf("worker-1").length === 1);
    const inHand = rig.seen.askedBy("worker-1");
    expect((await rig.fates()).duplicated).toEqual(inHand);
    expect(await rig.account()).toEqual({
      published: 10,
      confirmed: 10,
      completed: 9,
      duplicated: 1,
    });
  },
);

guarantee(
  "A worker gives up a silent broker after two heartbeat timeouts, and before four",
  { docs: "observed", fault: "half-open" },
  async ({ rig }) => {
    await rig.workers(1, { heartbeat: TIMEOUT });
    const vanishes = { at: "delivered", nth: 2, towards: "client" } as const;
    const silent = rig.network.halfOpen("worker-1", vanishes);
    await rig.publish(10);
    const fault = await silent;
    const silence = await endOfSilence(rig, "worker-1", "delivered", TIMEOUT);
    rig.figures.push(`the worker gave the broker up after ${inTimeouts(silence)}`);
    expect(silence.by).toBe("client");
    expect(silence.atMost).toBeGreaterThanOrEqual(2);
    expect(silence.atLeast).toBeLessThan(4);
    fault.heal();
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
  },
);

limit(
  "Without heartbeats nobody notices a silent network, and its tasks wait until it is back",
  { docs: DISABLING, fault: "half-open" },
  async ({ rig }) => {
    await rig.worker("unwatched", { heartbeat: 0 });
    await rig.worker("watched", { heartbeat: TIMEOUT });
    const silent = ["unwatched", "watched"].map((name) =>
      rig.network.halfOpen(name, { at: "delivered" }),
    );
    await rig.publish(2);
    const [fault] = await Promise.all(silent);
    await rig.until("the other to be given up", () => rig.seen.endedOf("watched").length === 1);
    expect(rig.seen.endedOf("unwatched")).toEqual([]);
    expect(rig.seen.unackedBy("unwatched")).toHaveLength(1);
    rig.open();
    fault?.heal();
    await rig.until("both to come again", () => rig.seen.redeliveredTo("unwatched").length === 2);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

guarantee(
  "A worker with nothing to say keeps its connection by its heartbeats",
  { docs: VALUE, fault: "half-open" },
  async ({ rig }) => {
    await rig.worker("quiet", { heartbeat: TIMEOUT });
    await rig.worker("cut-off", { heartbeat: TIMEOUT });
    await rig.network.halfOpen("cut-off");
    await rig.until("two silent timeouts", () => rig.seen.endedOf("cut-off").length === 1);
    await rig.publish(10);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
    expect(rig.seen.consumingOn("quiet")).toHaveLength(1);
  },
);
