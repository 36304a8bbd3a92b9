import type { ConsumeMessage } from "amqplib";
import { expect } from "vitest";
import type { PublishOptions } from "../../harness/scenario/publisher.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";
import { untilReady } from "./ready.ts";

const EFFECTS = "https://www.rabbitmq.com/docs/dlx#effects";
const ROUTING = "https://www.rabbitmq.com/docs/dlx#routing";
const CYCLE = "https://www.rabbitmq.com/docs/dlx#dead-letter-cycle";
const POLICY = "https://www.rabbitmq.com/docs/dlx#using-policies";
const ARGUMENTS = "https://www.rabbitmq.com/docs/dlx#using-optional-queue-arguments";
const AT_LEAST_ONCE =
  "https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering";
const FALLBACK = "https://www.rabbitmq.com/docs/quorum-queues#limitations";
const PERSISTENCE = "https://www.rabbitmq.com/docs/quorum-queues#caveats";
const NACKS = "https://www.rabbitmq.com/docs/confirms#consumer-nacks-requeue";

/** The default exchange takes a dead-lettered task to the queue of this name. */
const deadLetterTo = (queue: string) => ({
  "x-dead-letter-exchange": "",
  "x-dead-letter-routing-key": queue,
});

const time = { "!": "timestamp", value: expect.any(Number) };

/** Headers of a task that was rejected from "tasks" which not every version and queue writes. */
const newerHeaders = (rig: Rig) => ({
  ...(rig.isFrom("4.0") && {
    "x-last-death-exchange": "",
    "x-last-death-queue": "tasks",
    "x-last-death-reason": "rejected",
  }),
  ...(rig.isFrom("4.0") && rig.queueType === "quorum" && { "x-delivery-count": 1 }),
  ...(rig.isFrom("4.3") && rig.queueType === "quorum" && { "x-acquired-count": 1 }),
});

/** A task's history, newest first: how often it died where, and why. */
const deathsOf = ({ properties }: ConsumeMessage): string[] =>
  properties.headers?.["x-death"]?.map(
    ({ queue, reason, count }) => `${reason} from ${queue}: ${count}`,
  ) ?? [];

/** Publishes a task to a queue, and has a consumer reject it for good. */
async function rejectOne(rig: Rig, { queue = "tasks", ...options }: Partial<PublishOptions> = {}) {
  const [task = ""] = await rig.publish(1, { queue, ...options });
  const consumer = await rig.consumer(`consumer of ${queue}`, { queue });
  await consumer.take(1);
  consumer.reject(task, { requeue: false });
  return { task, consumer };
}

guarantee(
  "A rejected task goes to the dead-letter queue, and its headers say from where and why",
  { docs: EFFECTS, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: deadLetterTo("dead") });
    await rig.declare("dead");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const { task } = await rejectOne(rig, { properties: { headers: { attempt: 1 } } });
    await dead.take(1);
    expect(dead.message(task).properties.headers).toEqual({
      attempt: 1,
      "x-death": [
        {
          queue: "tasks",
          reason: "rejected",
          count: 1,
          exchange: "",
          "routing-keys": ["tasks"],
          time,
        },
      ],
      "x-first-death-exchange": "",
      "x-first-death-queue": "tasks",
      "x-first-death-reason": "rejected",
      ...newerHeaders(rig),
    });
    await dead.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

guarantee(
  "A dead-lettered task is as persistent as it was",
  { docs: PERSISTENCE, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: deadLetterTo("dead") });
    await rig.declare("dead");
    const consumer = await rig.consumer("consumer");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const [persistent = ""] = await rig.publish(1);
    const [transient = ""] = await rig.publish(1, { persistent: false });
    await consumer.take(2);
    consumer.nack(transient, { requeue: false, upTo: true });
    expect(await dead.take(2)).toEqual([persistent, transient]);
    expect(dead.taken.map(({ properties }) => properties.deliveryMode)).toEqual([2, 1]);
    await dead.done(persistent, transient);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

limit(
  "From 4.0 on, a rejected task is new to a classic dead-letter queue, and redelivered by a quorum one",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: deadLetterTo("dead") });
    await rig.declare("dead");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const { task } = await rejectOne(rig);
    expect(await dead.take(1)).toEqual([task]);
    const isFlagged = rig.queueType === "quorum" && rig.isFrom("4.0");
    expect(rig.seen.redeliveredTo("dead-letter consumer")).toEqual(isFlagged ? [task] : []);
    await dead.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "A rejected task is lost when its queue has no dead-letter exchange",
  { docs: NACKS, fault: "none" },
  async ({ rig }) => {
    await rejectOne(rig);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, lost: 1 });
  },
);

limit(
  "A rejected task is lost when its dead-letter exchange doesn't exist, and nobody is told",
  { docs: ARGUMENTS, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-dead-letter-exchange": "missing" } });
    const { consumer } = await rejectOne(rig);
    await consumer.caughtUp();
    expect(rig.seen.closedByBroker(consumer.tag)).toEqual([]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, lost: 1 });
  },
);

const AT_LEAST = { "dead-letter-strategy": "at-least-once", overflow: "reject-publish" };
const KEPT = { published: 1, confirmed: 1, parked: 1 };
const LOST = { published: 1, confirmed: 1, lost: 1 };

for (const { kind, promise, docs, settings, account } of [
  {
    kind: guarantee,
    promise: "With at-least-once dead-lettering, a task waits for its dead-letter exchange",
    docs: AT_LEAST_ONCE,
    settings: AT_LEAST,
    account: KEPT,
  },
  {
    kind: limit,
    promise: "With at-most-once dead-lettering, the default, no task waits for its exchange",
    docs: AT_LEAST_ONCE,
    settings: { ...AT_LEAST, "dead-letter-strategy": "at-most-once" },
    account: LOST,
  },
  {
    kind: limit,
    promise: "At-least-once dead-lettering is at most once unless the overflow is reject-publish",
    docs: FALLBACK,
    settings: { ...AT_LEAST, overflow: "drop-head" },
    account: LOST,
  },
]) {
  kind(promise, { docs, fault: "none", queues: ["quorum"] }, async ({ rig }) => {
    await rig.declare("tasks");
    await rig.declare("dead", { role: "parking" });
    await rig.policy("tasks", { ...settings, "dead-letter-exchange": "missing" });
    const { consumer } = await rejectOne(rig);
    expect(await consumer.channel.get("tasks")).toBe(false); // The queue has read the reject.
    const found = { "dead-letter-exchange": "", "dead-letter-routing-key": "dead" };
    await rig.policy("tasks", { ...settings, ...found });
    if (account === KEPT) await untilReady(consumer.channel, "dead", 1);
    expect(await rig.account()).toEqual(account);
  });
}

guarantee(
  "An expired task's expiration is taken off and kept in its history, so that it can't expire again",
  { docs: EFFECTS, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: deadLetterTo("dead") });
    await rig.declare("dead");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const [task = ""] = await rig.publish(1, { properties: { expiration: "50" } });
    await dead.take(1);
    const { expiration, headers } = dead.message(task).properties;
    expect(expiration).toBeUndefined();
    expect(headers?.["x-death"]).toEqual([
      {
        queue: "tasks",
        reason: "expired",
        count: 1,
        exchange: "",
        "routing-keys": ["tasks"],
        time,
        "original-expiration": "50",
      },
    ]);
    await dead.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

guarantee(
  "A dead-lettered task keeps its routing key, unless its queue has one for dead letters",
  { docs: ROUTING, fault: "none" },
  async ({ rig }) => {
    const channel = await rig.channel("topology");
    await channel.assertExchange("failed", "fanout");
    const failed = { "x-dead-letter-exchange": "failed" };
    await rig.declare("keeps", { arguments: failed });
    await rig.declare("renames", { arguments: { ...failed, "x-dead-letter-routing-key": "new" } });
    await rig.declare("dead");
    await channel.bindQueue("dead", "failed", "");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const first = await rejectOne(rig, { queue: "keeps" });
    await dead.take(1);
    const second = await rejectOne(rig, { queue: "renames" });
    await dead.take(2);
    await dead.done(first.task, second.task);
    const fields = dead.taken.map(({ fields: { exchange, routingKey } }) => [exchange, routingKey]);
    expect(fields).toEqual([
      ["failed", "keeps"],
      ["failed", "new"],
    ]);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

guarantee(
  "A policy gives the tasks that are already in a queue a dead-letter exchange",
  { docs: POLICY, fault: "none" },
  async ({ rig }) => {
    await rig.declare("dead", { role: "parking" });
    const [task = ""] = await rig.publish(1);
    await rig.policy("tasks", { "dead-letter-exchange": "", "dead-letter-routing-key": "dead" });
    const consumer = await rig.consumer("consumer");
    await consumer.take(1);
    consumer.reject(task, { requeue: false });
    await untilReady(consumer.channel, "dead", 1);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, parked: 1 });
  },
);

limit(
  "A policy does not overrule the dead-letter exchange that a queue was declared with",
  { docs: POLICY, fault: "none" },
  async ({ rig }) => {
    await rig.declare("declared", { role: "parking" });
    await rig.declare("policy");
    await rig.declare("tasks", { arguments: deadLetterTo("declared") });
    await rig.policy("tasks", { "dead-letter-exchange": "", "dead-letter-routing-key": "policy" });
    const { consumer } = await rejectOne(rig);
    await untilReady(consumer.channel, "declared", 1);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, parked: 1 });
  },
);

guarantee(
  "A rejected task that waits in a queue with a TTL comes back, and its history counts the rounds",
  { docs: CYCLE, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: deadLetterTo("waiting") });
    await rig.declare("waiting", { arguments: { ...deadLetterTo("tasks"), "x-message-ttl": 50 } });
    const consumer = await rig.consumer("consumer");
    const [task = ""] = await rig.publish(1);
    await consumer.take(1);
    consumer.reject(task, { requeue: false });
    await consumer.take(2);
    consumer.reject(task, { requeue: false });
    expect(await consumer.take(3)).toEqual([task, task, task]);
    expect(consumer.taken.map(deathsOf)).toEqual([
      [],
      ["expired from waiting: 1", "rejected from tasks: 1"],
      ["expired from waiting: 2", "rejected from tasks: 2"],
    ]);
    await consumer.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "A task that would come back to its queue by expiring, and nothing else, is dropped",
  { docs: CYCLE, fault: "none" },
  async ({ rig }) => {
    const toItself = { "x-dead-letter-exchange": "", "x-message-ttl": 50 };
    await rig.declare("tasks", { arguments: toItself, discards: ["ttl"] });
    await rig.publish(1);
    await untilReady(await rig.channel("watcher"), "tasks", 0);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, discarded: 1 });
  },
);

guarantee(
  "A history that a client publishes itself is counted on before 4.0, and not from 4.0 on",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: deadLetterTo("dead") });
    await rig.declare("dead");
    const dead = await rig.consumer("dead-letter consumer", { queue: "dead" });
    const deaths = [{ queue: "tasks", reason: "rejected", count: 7, exchange: "" }];
    const { task } = await rejectOne(rig, { properties: { headers: { "x-death": deaths } } });
    await dead.take(1);
    const count = rig.isFrom("4.0") ? 1 : 8;
    expect(deathsOf(dead.message(task))).toEqual([`rejected from tasks: ${count}`]);
    await dead.done(task);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);
