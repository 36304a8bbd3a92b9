import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";
import { QueueWatch, ready, untilReady } from "./ready.ts";

const PER_QUEUE = "https://www.rabbitmq.com/docs/ttl#per-queue-message-ttl";
const PER_MESSAGE = "https://www.rabbitmq.com/docs/ttl#per-message-ttl-in-publishers";
const AS_ARGUMENT = "https://www.rabbitmq.com/docs/ttl#message-ttl-using-x-args";
const AT_THE_HEAD = "https://www.rabbitmq.com/docs/ttl#message-ttl-dead-lettering";
const QUEUE_TTL = "https://www.rabbitmq.com/docs/ttl#queue-ttl";
const NOT_DEAD_LETTERED = "https://www.rabbitmq.com/docs/dlx#overview";

/** Milliseconds. What is to stay lives so long, and what is to expire so short. */
const HOUR = 3_600_000;
const SHORT = 50;

/** The default exchange takes what expires to the queue "expired". */
const TO_EXPIRED = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "expired" };

/** A quorum queue has its own TTL, too, and looks at it every five seconds only. */
const EXPIRING = ["classic"] as const;

guarantee(
  "The tasks of a queue with a TTL are dropped when it has passed, and no consumer gets them",
  { docs: PER_QUEUE, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-message-ttl": SHORT }, discards: ["ttl"] });
    await rig.publish(10);
    await untilReady(await rig.channel("watcher"), "tasks", 0);
    const consumer = await rig.consumer("consumer");
    expect(await consumer.caughtUp()).toEqual([]);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, discarded: 10 });
  },
);

guarantee(
  "Of the queue's TTL and the task's own, the shorter one counts",
  { docs: PER_MESSAGE, fault: "none" },
  async ({ rig }) => {
    const channel = await rig.channel("watcher");
    await rig.declare("short", { arguments: { "x-message-ttl": SHORT }, discards: ["ttl"] });
    await rig.declare("long", { arguments: { "x-message-ttl": HOUR }, discards: ["ttl"] });
    await rig.publish(1, { queue: "short", properties: { expiration: `${HOUR}` } });
    await rig.publish(1, { queue: "long", properties: { expiration: `${SHORT}` } });
    await untilReady(channel, "short", 0);
    await untilReady(channel, "long", 0);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, discarded: 2 });
  },
);

limit(
  "A task with a TTL of its own that has passed stays behind the one before it, and is not delivered",
  { docs: AT_THE_HEAD, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: TO_EXPIRED });
    await rig.declare("alone", { arguments: TO_EXPIRED });
    await rig.declare("expired", { role: "parking" });
    const [head = ""] = await rig.publish(1, { properties: { expiration: `${HOUR}` } });
    const expiring = { properties: { expiration: `${SHORT}` } };
    const [behind = ""] = await rig.publish(1, expiring);
    const [alone = ""] = await rig.publish(1, { ...expiring, queue: "alone" });
    const channel = await rig.channel("watcher");
    await untilReady(channel, "expired", 1);
    expect(await ready(channel, "tasks")).toBe(2);
    const consumer = await rig.consumer("consumer");
    expect(await consumer.take(1)).toEqual([head]);
    await untilReady(channel, "expired", 2);
    await consumer.done(head);
    expect(rig.seen.deliveredTo("consumer")).toEqual([head]);
    expect(await rig.fates()).toEqual({ completed: [head], parked: [behind, alone] });
  },
);

guarantee(
  "With a TTL of zero, a task is delivered to a consumer that has room at once",
  { docs: AS_ARGUMENT, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-message-ttl": 0 }, discards: ["ttl"] });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [task = ""] = await rig.publish(1);
    expect(await consumer.take(1)).toEqual([task]);
    await consumer.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "With a TTL of zero, a task that no consumer has room for is dropped, and not returned",
  { docs: AS_ARGUMENT, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-message-ttl": 0 }, discards: ["ttl"] });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    await rig.publish(3);
    const [first = ""] = await consumer.take(1);
    await untilReady(consumer.channel, "tasks", 0);
    await consumer.done(first);
    expect(await rig.account()).toEqual({
      published: 3,
      confirmed: 3,
      completed: 1,
      discarded: 2,
    });
  },
);

guarantee(
  "A task in a consumer's hand does not expire",
  { docs: PER_QUEUE, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { ...TO_EXPIRED, "x-message-ttl": SHORT } });
    await rig.declare("expired", { role: "parking" });
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const [inHand = "", waiting] = await rig.publish(2);
    await untilReady(consumer.channel, "expired", 1);
    await consumer.done(inHand);
    expect(await rig.fates()).toEqual({ completed: [inHand], parked: [waiting] });
  },
);

limit(
  "A task that is given back after its TTL has passed is not delivered again",
  { docs: AS_ARGUMENT, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { ...TO_EXPIRED, "x-message-ttl": SHORT } });
    await rig.declare("expired");
    const consumer = await rig.consumer("consumer", { prefetch: 1 });
    const expired = await rig.consumer("expired", { queue: "expired" });
    const [inHand = "", waiting = ""] = await rig.publish(2);
    await expired.take(1);
    consumer.nack(inHand, { requeue: true });
    expect(await expired.take(2)).toEqual([waiting, inHand]);
    expect(await consumer.caughtUp()).toEqual([inHand]);
    await expired.done(waiting, inHand);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

guarantee(
  "A queue that nobody consumes from is deleted when its own TTL has passed; a consumer keeps it",
  { docs: QUEUE_TTL, fault: "none", queues: EXPIRING },
  async ({ rig }) => {
    await rig.declare("idle");
    await rig.declare("used");
    const [lost] = await rig.publish(1, { queue: "idle" });
    const [kept = ""] = await rig.publish(1, { queue: "used" });
    const consumer = await rig.consumer("consumer", { queue: "used" });
    const idle = await QueueWatch.over("idle", () => rig.channel("watcher"));
    await rig.policy("idle|used", { expires: SHORT });
    await idle.gone();
    expect(await consumer.take(1)).toEqual([kept]);
    await consumer.done(kept);
    expect(await rig.fates()).toEqual({ completed: [kept], lost: [lost] });
  },
);

limit(
  "When a queue is deleted for its own TTL, its tasks are not dead-lettered",
  { docs: NOT_DEAD_LETTERED, fault: "none", queues: EXPIRING },
  async ({ rig }) => {
    await rig.declare("idle", { arguments: TO_EXPIRED });
    await rig.declare("expired", { role: "parking" });
    await rig.publish(5, { queue: "idle" });
    const idle = await QueueWatch.over("idle", () => rig.channel("watcher"));
    await rig.policy("idle", { expires: SHORT });
    await idle.gone();
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, lost: 5 });
  },
);
