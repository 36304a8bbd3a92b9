import { expect } from "vitest";
import type { Refusal } from "../../harness/scenario/observed.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const DURABILITY = "https://www.rabbitmq.com/docs/queues#durability";
const QUORUM = "https://www.rabbitmq.com/docs/quorum-queues#behaviour";
const EQUIVALENCE = "https://www.rabbitmq.com/docs/queues#property-equivalence";
const RESTART = "https://www.rabbitmq.com/docs/reliability#what-can-fail";
const CONFIRMS = "https://www.rabbitmq.com/docs/confirms#publisher-confirms";

const EXCHANGES = "https://www.rabbitmq.com/docs/exchanges#durability";
const REDELIVERED = "https://www.rabbitmq.com/docs/reliability#consumer-side";
const TEMPORARY = "https://www.rabbitmq.com/docs/queues#temporary-queues";

const PRODUCER = { program: "producer.ts", args: [20, "--one-by-one"] };

const INEQUIVALENT = { scope: "channel", code: 406 };

/** Newer brokers have no transient queues, unless their distribution allows them. */
function expectNoTransientQueues(rig: Rig, refusal: Refusal): void {
  expect(refusal).toMatchObject({ scope: "connection", code: 541 });
  rig.notes.push(`the broker refuses transient queues: ${refusal.text}`);
}

const ENDINGS = [
  { ending: "graceful", words: "a graceful restart", fault: "broker-stop" },
  { ending: "SIGKILL", words: "a SIGKILL of the broker", fault: "broker-kill" },
] as const;

for (const { ending, words, fault } of ENDINGS) {
  guarantee(
    `The persistent tasks of registered durable queues survive ${words}, and no others do`,
    { docs: DURABILITY, fault, queues: ["classic"] },
    async ({ rig }) => {
      await rig.declare("durable");
      await rig.registered("durable");
      const survivors = await rig.publish(5, { queue: "durable" });
      const lost = await rig.publish(5, { queue: "durable", persistent: false });
      const refusal = await rig.declare("transient", { durable: false });
      if (refusal) {
        expectNoTransientQueues(rig, refusal);
      } else {
        lost.push(...(await rig.publish(5, { queue: "transient" })));
        lost.push(...(await rig.publish(5, { queue: "transient", persistent: false })));
      }
      await rig.broker.restart(ending);
      expect(await rig.fates()).toEqual({ remaining: survivors, lost });
    },
  );

  guarantee(
    `All tasks of a registered quorum queue survive ${words}, even transient ones`,
    { docs: QUORUM, fault, queues: ["quorum"] },
    async ({ rig }) => {
      await rig.registered();
      const persistent = await rig.publish(5);
      const transient = await rig.publish(5, { persistent: false });
      await rig.broker.restart(ending);
      expect(await rig.fates()).toEqual({ remaining: [...persistent, ...transient] });
    },
  );
}

limit(
  "When the broker is killed, the task in hand of a registered queue is done twice, and no other",
  { docs: RESTART, fault: "broker-kill" },
  async ({ rig }) => {
    await rig.registered();
    await rig.workers(1);
    const [inHand, ...others] = await rig.publish(20);
    await rig.until("the worker to be mid-task", () => rig.seen.askedBy("worker-1").length === 1);
    await rig.broker.restart("SIGKILL");
    await rig.until("the task to return", () => rig.seen.deliveredTo("worker-1").length === 2);
    expect(await rig.account()).toEqual({
      published: 20,
      confirmed: 20,
      completed: 19,
      duplicated: 1,
    });
    expect(await rig.fates()).toEqual({ completed: others, duplicated: [inHand] });
  },
);

guarantee(
  "A redeclaration that disagrees on durability is refused, and harms nothing",
  { docs: EQUIVALENCE, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1);
    expect(await rig.declare("tasks", { durable: false })).toMatchObject(INEQUIVALENT);
    await rig.publish(10);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
  },
);

guarantee(
  "A redeclaration of a transient queue as durable is refused, and the tasks stay",
  { docs: EQUIVALENCE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const refusal = await rig.declare("transient", { durable: false });
    const queue = refusal ? "tasks" : "transient";
    const tasks = await rig.publish(10, { queue });
    if (refusal) expectNoTransientQueues(rig, refusal);
    else expect(await rig.declare(queue, { durable: true })).toMatchObject(INEQUIVALENT);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

guarantee(
  "A confirmed task is not lost when its producer is killed",
  { docs: CONFIRMS, fault: "producer-kill" },
  async ({ rig }) => {
    await rig.killProducer("producer", PRODUCER, { at: "confirm-held", nth: 6 });
    await rig.workers(1);
    expect(await rig.account()).toEqual({
      published: 6,
      confirmed: 5,
      unknown: 1,
      completed: 5,
      recovered: 1,
    });
  },
);

limit(
  "A task that had not reached the broker is lost with its producer, and nobody can tell",
  { docs: CONFIRMS, fault: "producer-kill" },
  async ({ rig }) => {
    await rig.killProducer("producer", PRODUCER, { at: "publish-held", nth: 6 });
    await rig.workers(1);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 5, unknown: 1, completed: 5 });
  },
);

guarantee(
  "A durable exchange and its binding survive a SIGKILL of the broker",
  { docs: EXCHANGES, fault: "broker-kill" },
  async ({ rig }) => {
    await bind(rig, { durable: true });
    await rig.registered();
    const [before = ""] = await rig.publish(1, { exchange: "work", queue: "key" });
    await rig.broker.restart("SIGKILL");
    const [after = ""] = await rig.publish(1, { exchange: "work", queue: "key" });
    expect(await rig.fates()).toEqual({ remaining: [before, after] });
  },
);

limit(
  "An exchange that is not durable is gone after a graceful restart; from 4.3 on it survives",
  { docs: EXCHANGES, fault: "broker-stop", queues: ["classic"] },
  async ({ rig }) => {
    await bind(rig, { durable: false });
    await rig.registered();
    const [before = ""] = await rig.publish(1, { exchange: "work", queue: "key" });
    await rig.broker.restart("graceful");
    const channel = await rig.channel("operator");
    const isThere = await channel.checkExchange("work").then(
      () => true,
      () => false,
    );
    expect(isThere).toBe(rig.isFrom("4.3"));
    expect(await rig.fates()).toEqual({ remaining: [before] });
  },
);

limit(
  "After a SIGKILL of the broker, a classic queue flags tasks as redelivered that nobody was sent; a quorum queue does not",
  { docs: REDELIVERED, fault: "broker-kill", surprise: 15 },
  async ({ rig }) => {
    await rig.registered();
    const before = await rig.consumer("before", { prefetch: 2 });
    const tasks = await rig.publish(5);
    await before.take(2);
    await rig.broker.restart("SIGKILL");
    const after = await rig.consumer("after");
    await after.take(5);
    const flagged = rig.queueType === "classic" ? tasks : tasks.slice(0, 2);
    expect(rig.seen.redeliveredTo("after")).toEqual(flagged);
    await after.done(...tasks);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);

guarantee(
  "After a graceful restart, only tasks that a consumer was sent are flagged as redelivered",
  { docs: REDELIVERED, fault: "broker-stop" },
  async ({ rig }) => {
    await rig.registered();
    const before = await rig.consumer("before", { prefetch: 2 });
    const tasks = await rig.publish(5);
    await before.take(2);
    await rig.broker.restart("graceful");
    const after = await rig.consumer("after");
    expect(await after.take(5)).toEqual(tasks);
    expect(rig.seen.redeliveredTo("after")).toEqual(tasks.slice(0, 2));
    await after.done(...tasks);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);

limit(
  "Persistent tasks that nobody waits to have confirmed can all be lost when the broker is killed",
  { docs: CONFIRMS, fault: "broker-kill", queues: ["classic"], surprise: 2 },
  async ({ rig }) => {
    await rig.registered();
    const before = await rig.publish(1);
    await rig.publish(100, { confirmed: false });
    await rig.broker.restart("SIGKILL");
    expect(await rig.fates()).toEqual({ remaining: before });
    expect(await rig.account()).toEqual({
      published: 101,
      confirmed: 1,
      unknown: 100,
      remaining: 1,
    });
  },
);

guarantee(
  "An auto-delete queue is kept until its first consumer has come and its last one has gone",
  { docs: TEMPORARY, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("temporary", { autoDelete: true });
    const tasks = await rig.publish(2, { queue: "temporary" });
    const [first, last] = [await consumeOne(rig, "first"), await consumeOne(rig, "last")];
    await first.channel.close();
    await last.channel.checkQueue("temporary");
    await last.channel.cancel(last.tag);
    await expect(last.channel.checkQueue("temporary")).rejects.toThrow("404");
    expect(await rig.fates()).toEqual({ lost: tasks });
  },
);

async function bind(rig: Rig, { durable }: { durable: boolean }): Promise<void> {
  await rig.declare("tasks");
  const channel = await rig.channel("operator");
  await channel.assertExchange("work", "direct", { durable });
  await channel.bindQueue("tasks", "work", "key");
}

function consumeOne(rig: Rig, name: string) {
  return rig.consumer(name, { queue: "temporary", prefetch: 1 });
}
