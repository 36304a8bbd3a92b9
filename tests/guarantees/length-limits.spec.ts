import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";
import { ready } from "./ready.ts";

const OVERVIEW = "https://www.rabbitmq.com/docs/maxlength#overview";
const DROP_HEAD = "https://www.rabbitmq.com/docs/maxlength#default-behaviour";
const OVERFLOW = "https://www.rabbitmq.com/docs/maxlength#overflow-behaviour";
const QUORUM = "https://www.rabbitmq.com/docs/quorum-queues#length-limit";
const DEAD_LETTERS = "https://www.rabbitmq.com/docs/dlx#effects";

const REJECT = { "x-max-length": 5, "x-overflow": "reject-publish" };

const TO_DEAD = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead" };

const notImplemented = (flag: string) => ({
  scope: "connection",
  code: 540,
  text: expect.stringMatching(
    `^NOT_IMPLEMENTED - .+ with ${flag} flag set are not supported by quorum queues$`,
  ),
});

guarantee(
  "A full queue drops its oldest tasks and keeps the newest, and confirms them all",
  { docs: DROP_HEAD, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-max-length": 5 }, discards: ["length-limit"] });
    const tasks = await rig.publish(10);
    expect(await rig.account()).toEqual({
      published: 10,
      confirmed: 10,
      discarded: 5,
      remaining: 5,
    });
    expect((await rig.fates()).remaining).toEqual(tasks.slice(5));
  },
);

guarantee(
  "A full queue with a dead-letter exchange drops nothing: the oldest tasks go there",
  { docs: DEAD_LETTERS, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-max-length": 5, ...TO_DEAD } });
    await rig.declare("dead");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const tasks = await rig.publish(7);
    expect(await dead.take(2)).toEqual(tasks.slice(0, 2));
    const reasons = dead.taken.map(
      ({ properties }) => properties.headers?.["x-first-death-reason"],
    );
    expect(reasons).toEqual(["maxlen", "maxlen"]);
    await dead.done(...tasks.slice(0, 2));
    expect(await rig.account()).toEqual({
      published: 7,
      confirmed: 7,
      completed: 2,
      remaining: 5,
    });
  },
);

guarantee(
  "A full queue that rejects publishes keeps what it has, and refuses the rest",
  { docs: OVERFLOW, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: REJECT });
    const tasks = await rig.publish(10);
    expect(await rig.account()).toEqual({
      published: 10,
      confirmed: 5,
      refused: 5,
      remaining: 5,
    });
    expect((await rig.fates()).remaining).toEqual(tasks.slice(0, 5));
  },
);

limit(
  "A quorum queue that rejects publishes takes one task more than its limit, or what is on its way",
  { docs: QUORUM, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: REJECT });
    const filling = await rig.publish(5);
    const oneMore = await rig.publish(1);
    await rig.publish(1);
    expect(await rig.account()).toEqual({ published: 7, confirmed: 6, refused: 1, remaining: 6 });
    expect((await rig.fates()).remaining).toEqual([...filling, ...oneMore]);
  },
);

limit(
  "A producer without confirms is not told that a full queue has rejected its tasks",
  { docs: OVERFLOW, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: REJECT });
    const tasks = await rig.publish(10, { confirmed: false });
    expect(rig.seen.answersTo("task-10")).toEqual([]);
    expect(await rig.account()).toEqual({ published: 10, unknown: 10, recovered: 5 });
    expect((await rig.fates()).recovered).toEqual(tasks.slice(0, 5));
  },
);

guarantee(
  "Tasks in a consumer's hand don't count towards their queue's limit",
  { docs: OVERVIEW, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-max-length": 5 } });
    const consumer = await rig.consumer("consumer", { prefetch: 5 });
    const inHand = await rig.publish(5);
    await consumer.take(5);
    const waiting = await rig.publish(5);
    expect(await ready(consumer.channel, "tasks")).toBe(5);
    await consumer.done(...inHand);
    expect(await consumer.take(10)).toEqual([...inHand, ...waiting]);
    await consumer.done(...waiting);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
  },
);

limit(
  "Tasks that are given back to a queue at its limit are dropped as its oldest",
  { docs: DROP_HEAD, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-max-length": 5, ...TO_DEAD } });
    await rig.declare("dead");
    const consumer = await rig.consumer("consumer", { prefetch: 5 });
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const inHand = await rig.publish(5);
    await consumer.take(5);
    const waiting = await rig.publish(5);
    await consumer.channel.close();
    await dead.take(5);
    await dead.done(...inHand);
    expect(await rig.fates()).toEqual({ completed: inHand, remaining: waiting });
  },
);

guarantee(
  "A queue with a limit in bytes drops its oldest tasks until the rest fit",
  { docs: OVERVIEW, fault: "none" },
  async ({ rig }) => {
    const limited = { "x-max-length-bytes": 1000 };
    await rig.declare("tasks", { arguments: limited, discards: ["length-limit"] });
    const tasks = await rig.publish(5, { size: 400 });
    expect(await rig.fates()).toEqual({
      discarded: tasks.slice(0, 3),
      remaining: tasks.slice(3),
    });
  },
);

guarantee(
  "Of a queue's own limit and a policy's, the lower one counts",
  { docs: OVERVIEW, fault: "none" },
  async ({ rig }) => {
    await rig.declare("low", { arguments: { "x-max-length": 1 }, discards: ["length-limit"] });
    await rig.declare("high", { arguments: { "x-max-length": 3 }, discards: ["length-limit"] });
    await rig.policy("low|high", { "max-length": 2 });
    const [lowest, ...low] = await rig.publish(2, { queue: "low" });
    const [highest, ...high] = await rig.publish(3, { queue: "high" });
    expect(await rig.fates()).toEqual({
      discarded: [lowest, highest],
      remaining: [...low, ...high],
    });
  },
);

guarantee(
  "A purge removes what is ready and says how many, and leaves what is in a consumer's hand",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { discards: ["purge"] });
    const consumer = await rig.consumer("consumer", { prefetch: 2 });
    const tasks = await rig.publish(5);
    const inHand = await consumer.take(2);
    const { messageCount: count } = await consumer.channel.purgeQueue("tasks");
    rig.history.record({ type: "queue-purged", queue: "tasks", count });
    expect(count).toBe(3);
    await consumer.done(...inHand);
    expect(await rig.fates()).toEqual({ completed: inHand, discarded: tasks.slice(2) });
  },
);

guarantee(
  "A queue that is to be deleted only if empty is kept while a task is ready",
  { docs: "observed", fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const [task] = await rig.publish(1);
    const deleter = await rig.channel("deleter");
    await expect(deleter.deleteQueue("tasks", { ifEmpty: true })).rejects.toThrow("406");
    const text = expect.stringMatching(/^PRECONDITION_FAILED - queue 'tasks' in .+ not empty$/);
    expect(rig.seen.closedByBroker("deleter")).toEqual([{ scope: "channel", code: 406, text }]);
    expect(await rig.fates()).toEqual({ remaining: [task] });
  },
);

limit(
  "A queue that is to be deleted only if empty goes with the tasks in a consumer's hand",
  { docs: "observed", fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer");
    const [task] = await rig.publish(1);
    await consumer.take(1);
    const deleter = await rig.channel("deleter");
    expect(await deleter.deleteQueue("tasks", { ifEmpty: true })).toEqual({ messageCount: 0 });
    await consumer.cancelled();
    expect(await rig.fates()).toEqual({ lost: [task] });
  },
);

guarantee(
  "A queue that is to be deleted only if unused is kept while it has a consumer",
  { docs: "observed", fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const consumer = await rig.consumer("consumer");
    const deleter = await rig.channel("deleter");
    await expect(deleter.deleteQueue("tasks", { ifUnused: true })).rejects.toThrow("406");
    const text = expect.stringMatching(/^PRECONDITION_FAILED - queue 'tasks' in .+ in use$/);
    expect(rig.seen.closedByBroker("deleter")).toEqual([{ scope: "channel", code: 406, text }]);
    const [task = ""] = await rig.publish(1);
    expect(await consumer.take(1)).toEqual([task]);
    await consumer.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "Deleting a quorum queue only if it is empty, or unused, closes the connection",
  { docs: "observed", fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    const [task] = await rig.publish(1);
    const closed = () => rig.seen.closedByBroker("deleter");
    const ifEmpty = (await rig.channel("deleter")).deleteQueue("tasks", { ifEmpty: true });
    await expect(ifEmpty).rejects.toThrow();
    await rig.until("the connection to close", () => closed().length === 1);
    const ifUnused = (await rig.channel("deleter")).deleteQueue("tasks", { ifUnused: true });
    await expect(ifUnused).rejects.toThrow();
    await rig.until("the connection to close again", () => closed().length === 2);
    expect(closed()).toEqual([notImplemented("if-empty"), notImplemented("if-unused")]);
    expect(await rig.fates()).toEqual({ remaining: [task] });
  },
);

guarantee(
  "Deleting a queue that isn't there succeeds; purging it is refused",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.publish(1);
    const channel = await rig.channel("operator of queues");
    expect(await channel.deleteQueue("missing")).toEqual({ messageCount: 0 });
    await expect(channel.purgeQueue("missing")).rejects.toThrow("404");
    expect(rig.seen.closedByBroker("operator of queues")).toEqual([
      {
        scope: "channel",
        code: 404,
        text: expect.stringMatching(/^NOT_FOUND - no queue 'missing' in vhost '.+'$/),
      },
    ]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, remaining: 1 });
  },
);
