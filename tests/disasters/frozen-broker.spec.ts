import { expect } from "vitest";
import type { Event } from "../../harness/history/event.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const VALUE = "https://www.rabbitmq.com/docs/heartbeats#heartbeats-timeout";

/** The heartbeat timeout that a client asks for, in seconds. */
const TIMEOUT = 1;

const PRODUCER = { program: "producer.ts", args: [5000, "--one-by-one"], heartbeat: TIMEOUT };

guarantee(
  "A worker gives up a frozen broker after two heartbeat timeouts and before four; one with a longer timeout notices nothing",
  { docs: "observed", fault: "broker-pause", queues: ["classic"] },
  async ({ rig }) => {
    await rig.worker("hasty", { heartbeat: TIMEOUT });
    await rig.worker("patient", { heartbeat: 60 });
    await rig.publish(2);
    await rig.until("both to be mid-task", () => busy(rig, "hasty") && busy(rig, "patient"));
    await rig.broker.pause();
    const { atLeast, atMost } = await givenUp(rig, "hasty");
    rig.figures.push(`the broker was given up after ${atLeast} to ${atMost} heartbeat timeouts`);
    expect(atMost).toBeGreaterThanOrEqual(2);
    expect(atLeast).toBeLessThan(4);
    rig.open();
    expect(rig.seen.openedOf("patient")).toHaveLength(1);
    const [inHand] = rig.seen.deliveredTo("hasty");
    const [kept] = rig.seen.deliveredTo("patient");
    expect(await rig.fates()).toEqual({ completed: [kept], duplicated: [inHand] });
  },
);

// Whether an ack counts that was sent to a frozen broker, by a worker that then gave it up, is open: it
// does where the broker reads it first. Where it sends its own heartbeat first, to a socket that has
// been closed, the reset that answers it takes the ack away unread.

limit(
  "A task in hand while its worker gives up a frozen broker is done twice",
  { docs: VALUE, fault: "broker-pause", queues: ["classic"] },
  async ({ rig }) => {
    await rig.workers(1, { heartbeat: TIMEOUT });
    await rig.publish(3);
    await rig.until("it to be mid-task", () => busy(rig, "worker-1"));
    const freeze = await rig.broker.pause();
    await givenUp(rig, "worker-1");
    await freeze.heal();
    await rig.until("it to return", () => rig.seen.redeliveredTo("worker-1").length > 0);
    expect(await rig.fates()).toEqual({
      completed: ["task-2", "task-3"],
      duplicated: ["task-1"],
    });
  },
);

limit(
  "A publish to a frozen broker is stored when it goes on, though its producer gave up and can't know",
  { docs: "observed", fault: "broker-pause", queues: ["classic"], underLoad: true },
  async ({ rig }) => {
    const { seen } = rig;
    const producer = await rig.producer("producer", PRODUCER);
    await rig.until("it to publish", () => seen.confirmedTo("producer").length >= 10);
    const freeze = await rig.broker.pause();
    await producer.exited;
    const confirmed = seen.confirmedTo("producer"); // Later ones don't reach it any more.
    await freeze.heal();
    const unanswered = seen.publishedBy("producer").slice(confirmed.length);
    expect(unanswered).toHaveLength(1);
    expect(await rig.fates()).toEqual({ remaining: confirmed, recovered: unanswered });
  },
);

function busy({ seen }: Rig, worker: string): boolean {
  return seen.askedBy(worker).length > 0;
}

/**
 * Waits until a worker has given the broker up, which it shows by connecting again.
 *
 * @returns how long that took, in heartbeat timeouts: since the broker froze, and since its last
 * word to the worker.
 */
async function givenUp(rig: Rig, worker: string): Promise<{ atLeast: number; atMost: number }> {
  const { events } = rig.history;
  const isAbout = (event: Event) => "subject" in event && event.subject === worker;
  const opened = () =>
    events.filter((event) => event.type === "connection-opened" && isAbout(event));
  await rig.until(`${worker} to connect again`, () => opened().length === 2);
  const end = opened()[1]?.at ?? 0;
  const word = events.find((event) => event.type === "delivered" && isAbout(event));
  const frozen = events.find(({ type }) => type === "broker-paused");
  const since = (at = 0) => Math.round((end - at) / TIMEOUT / 100) / 10;
  return { atLeast: since(frozen?.at), atMost: since(word?.at) };
}
