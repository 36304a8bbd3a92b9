import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const CONFIRMED = "https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed";
const CONFIRMS = "https://www.rabbitmq.com/docs/confirms#publisher-confirms";
const ORDER = "https://www.rabbitmq.com/docs/confirms#publisher-confirms-ordering";
const UNROUTABLE = "https://www.rabbitmq.com/docs/publishers#unroutable";
const PROTOCOL_EXCEPTIONS = "https://www.rabbitmq.com/docs/publishers#protocol-exceptions";
const ALTERNATE = "https://www.rabbitmq.com/docs/ae#how-it-works";
const OVERFLOW = "https://www.rabbitmq.com/docs/maxlength#overflow-behaviour";
const LIMITS = "https://www.rabbitmq.com/docs/limits#per-node";
const EXCLUSIVE = "https://www.rabbitmq.com/docs/queues#exclusive-queues";

const MIB = 1024 * 1024;

/** Nobody is told where such a task went. */
const SILENTLY = { mandatory: false };

guarantee(
  "A mandatory task that no queue takes is returned to its producer, and confirmed after that",
  { docs: CONFIRMED, fault: "none" },
  async ({ rig }) => {
    await rig.publish(1);
    const [task = ""] = await rig.publish(1, { queue: "missing" });
    expect(rig.seen.answersTo(task)).toEqual(["returned: 312 NO_ROUTE", "confirmed"]);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 1, returned: 1, remaining: 1 });
  },
);

limit(
  "A task that is not mandatory is confirmed although no queue takes it, and is lost",
  { docs: UNROUTABLE, fault: "none", surprise: 5 },
  async ({ rig }) => {
    const kept = await rig.publish(1);
    const [task = ""] = await rig.publish(1, { queue: "missing", properties: SILENTLY });
    expect(rig.seen.answersTo(task)).toEqual(["confirmed"]);
    expect(await rig.fates()).toEqual({ remaining: kept, lost: [task] });
  },
);

guarantee(
  "What an exchange can't route goes to its alternate exchange, and is not returned",
  { docs: ALTERNATE, fault: "none" },
  async ({ rig }) => {
    const channel = await rig.channel("topology");
    await rig.declare("unrouted", { role: "parking" });
    await channel.assertExchange("alternate", "fanout");
    await channel.bindQueue("unrouted", "alternate", "");
    await channel.assertExchange("jobs", "direct", { alternateExchange: "alternate" });
    const [task = ""] = await rig.publish(1, { exchange: "jobs", queue: "unbound" });
    expect(rig.seen.answersTo(task)).toEqual(["confirmed"]);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, parked: 1 });
  },
);

guarantee(
  "Publishing to an exchange that doesn't exist closes the channel, and no other",
  { docs: PROTOCOL_EXCEPTIONS, fault: "none" },
  async ({ rig }) => {
    const channel = await rig.channel("publisher");
    await rig.publish(1);
    await rig.publish(1, { exchange: "missing" });
    expect(rig.seen.closedByBroker("publisher")).toEqual([
      {
        scope: "channel",
        code: 404,
        text: expect.stringMatching(/^NOT_FOUND - no exchange 'missing' in vhost '.+'$/),
      },
    ]);
    expect(await channel.checkQueue("tasks")).toMatchObject({ messageCount: 1 });
    expect(await rig.account()).toEqual({ published: 2, confirmed: 1, unknown: 1, remaining: 1 });
  },
);

limit(
  "Confirmed tasks are gone with their queue, and later ones for it are confirmed, too",
  { docs: UNROUTABLE, fault: "none" },
  async ({ rig }) => {
    const channel = await rig.channel("deleter");
    const before = await rig.publish(20);
    await channel.deleteQueue("tasks");
    const after = await rig.publish(20, { properties: SILENTLY });
    await rig.publish(1); // This one is mandatory, and so its producer is told.
    expect(await rig.account()).toEqual({ published: 41, confirmed: 40, returned: 1, lost: 40 });
    expect(await rig.fates()).toEqual({ lost: [...before, ...after] });
  },
);

limit(
  "A refused task is in those of its queues that had room, and there twice when published again",
  { docs: OVERFLOW, fault: "none", surprise: 8 },
  async ({ rig }) => {
    const channel = await rig.channel("topology");
    await rig.declare("tasks");
    await rig.declare("full", { arguments: { "x-max-length": 1, "x-overflow": "reject-publish" } });
    const room = rig.queueType === "quorum" ? 2 : 1; // A quorum queue overshoots its limit by one.
    const filling = await rig.publish(room, { queue: "full" });
    await channel.bindQueue("tasks", "amq.fanout", "");
    await channel.bindQueue("full", "amq.fanout", "");
    const [task = ""] = await rig.publish(1, { exchange: "amq.fanout" });
    await rig.publish(1, { exchange: "amq.fanout", properties: { messageId: task } });
    expect(rig.seen.answersTo(task)).toEqual(["refused", "refused"]);
    const consumer = await rig.consumer("consumer");
    expect(await consumer.take(2)).toEqual([task, task]);
    consumer.ack(task, { upTo: true });
    expect(await rig.fates()).toEqual({ remaining: filling, recovered: [task] });
  },
);

guarantee(
  "Each of many publishes at once is confirmed exactly once",
  { docs: CONFIRMS, fault: "none" },
  async ({ rig }) => {
    const tasks = await rig.publish(1000);
    const confirmed = rig.seen.confirmedTo("publisher");
    expect(confirmed).toHaveLength(1000);
    expect(new Set(confirmed)).toEqual(new Set(tasks));
    expect(await rig.account()).toEqual({ published: 1000, confirmed: 1000, remaining: 1000 });
  },
);

limit(
  "A confirm can overtake that of an earlier task on the same channel",
  { docs: ORDER, fault: "none" },
  async ({ rig }) => {
    await rig.declare("slow");
    const publishing = [
      rig.publish(1, { queue: "slow", size: MIB }),
      rig.publish(1, { queue: "missing", properties: SILENTLY }),
    ];
    const [toStore, unroutable] = (await Promise.all(publishing)).flat();
    expect(rig.seen.publishedBy("publisher")).toEqual([toStore, unroutable]);
    expect(rig.seen.confirmedTo("publisher")).toEqual([unroutable, toStore]);
    expect(await rig.fates()).toEqual({ remaining: [toStore], lost: [unroutable] });
  },
);

guarantee(
  "A task of more than 16 MiB closes its channel, from 4.0 on",
  { docs: LIMITS, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.publish(1);
    await rig.publish(1, { size: 16 * MIB + 1 });
    const refusal = {
      scope: "channel",
      code: 406,
      text: "PRECONDITION_FAILED - message size 16777217 is larger than configured max size 16777216",
    };
    expect(rig.seen.closedByBroker("publisher")).toEqual(rig.isFrom("4.0") ? [refusal] : []);
    expect(await rig.account()).toEqual(
      rig.isFrom("4.0")
        ? { published: 2, confirmed: 1, unknown: 1, remaining: 1 }
        : { published: 2, confirmed: 2, remaining: 2 },
    );
  },
);

guarantee(
  "Everyone may publish to an exclusive queue; only its own connection may consume from it",
  { docs: EXCLUSIVE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const owner = await rig.channel("owner");
    await rig.declare("private", { durable: false, exclusive: true, channel: owner });
    const tasks = await rig.publish(2, { queue: "private" });
    await expect(rig.consumer("stranger", { queue: "private" })).rejects.toThrow("405");
    expect(rig.seen.closedByBroker("stranger")).toEqual([
      { scope: "channel", code: 405, text: expect.stringContaining("RESOURCE_LOCKED") },
    ]);
    const consumer = await rig.consumer("owner", { queue: "private", channel: owner });
    expect(await consumer.take(2)).toEqual(tasks);
    await consumer.done(...tasks);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

limit(
  "The confirmed tasks of an exclusive queue are gone with its connection",
  { docs: EXCLUSIVE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const owner = await rig.channel("owner");
    await rig.declare("private", { durable: false, exclusive: true, channel: owner });
    await rig.publish(2, { queue: "private" });
    // The account ends the owner's connection before it looks for what is left.
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, lost: 2 });
  },
);
