/**
 * The output queue as a source of effects, on a real broker: what a worker publishes there is an
 * effect, and no task, wherever it carries the id; how it is published still convicts it.
 */
import {
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
  type Options,
} from "amqplib";
import { expect, onTestFinished } from "vitest";
import { queueEffects } from "../../../../harness/audit/effects/queue-effects.ts";
import { identify, identityOf, propertiesOf } from "../../../../harness/audit/identity.ts";
import type { IdPlace } from "../../../../harness/audit/options.ts";
import { drainElsewhere } from "../../../../harness/audit/topology/drain-elsewhere.ts";
import { Topology } from "../../../../harness/audit/topology/topology.ts";
import { judge } from "../../../../harness/ledger/ledger.ts";
import { DRAIN, PUBLISHER } from "../../../../harness/ledger/subjects.ts";
import { Client } from "../../../../harness/scenario/client.ts";
import { drain } from "../../../../harness/scenario/drain.ts";
import { until } from "../../../../harness/until.ts";
import { laneBroker } from "../../../../harness/vitest.ts";
import { type Linked, test } from "../../link/linked.ts";
import { sightOf } from "./sighted.ts";

const TASKS = ["task-1", "task-2", "task-3"];
const isTask = (id: string) => TASKS.includes(id);

interface Trial {
  place: IdPlace;
  /** What the worker does with a task, on a channel with confirms. */
  work(
    channel: ConfirmChannel,
    message: ConsumeMessage,
    queues: Queues,
    connection: ChannelModel,
  ): Promise<void>;
}

interface Queues {
  work: string;
  done: string;
  other: string;
}

/** One worker does all tasks; then everything is collected and judged. */
async function trial(linked: Linked, { place, work }: Trial) {
  const { link, history, queue } = linked;
  const queues = { work: queue, done: `${queue}.done`, other: `${queue}.other` };
  await declare(linked, queues);
  const topology = topologyOf(queues);
  link.identity = identityOf(place, isTask, (route) => topology.leadsBack(route));
  topology.tell(history);
  await publish(linked, place);
  const connection = await linked.openThroughLink("worker-1");
  const worker = await connection.createConfirmChannel();
  await worker.prefetch(10);
  await worker.consume(queue, async (message) => {
    if (message) await work(worker, message, queues, connection);
  });
  const settled = () => linked.told("acked").flatMap(({ tasks }) => tasks).length;
  await until("every task to be acked", history, () => settled() === TASKS.length);
  await connection.close();
  const drainer = await client(linked, DRAIN);
  await drain(drainer, history, topology.queues("work", "parking"), new Map());
  await drainer.close();
  const sight = sightOf(TASKS, {
    history,
    identify: identify(place, isTask),
    connect: around,
  });
  await queueEffects(queues.done).collect(sight);
  await drainElsewhere(linked.direct, topology, sight);
  return judge(history.events, { fault: "none" });
}

async function declare(linked: Linked, queues: Queues): Promise<void> {
  const channel = await linked.direct.createChannel();
  for (const queue of [queues.done, queues.other]) await channel.assertQueue(queue);
  await channel.close();
  onTestFinished(async () => {
    const connection = await around();
    const own = await connection.createChannel();
    for (const queue of [queues.done, queues.other]) await own.deleteQueue(queue);
    await connection.close();
  });
}

/** Past the link, on a connection that whoever asks for it may close. */
async function around(): Promise<ChannelModel> {
  const { host = "", port = 0 } = (await laneBroker()).amqp ?? {};
  return connect(`amqp://guest:guest@${host}:${port}`);
}

function topologyOf({ work, done, other }: Queues): Topology {
  const queues = [work, done, other].map((name) => ({
    vhost: undefined,
    name,
    durable: true,
    auto_delete: false,
    arguments: {},
  }));
  const tasks = { queue: work, queueType: "classic", exchange: "", routingKey: work } as const;
  const declared = { queues, exchanges: [], bindings: [], policies: [] };
  return new Topology({ ...tasks, output: done }, declared);
}

async function client(linked: Linked, name: string): Promise<Client> {
  const { host, port } = await linked.link.open(name);
  return new Client([`amqp://guest:guest@${host}:${port}`], name);
}

async function publish(linked: Linked, place: IdPlace): Promise<void> {
  const publisher = await client(linked, PUBLISHER);
  const channel = await (await publisher.connection()).createConfirmChannel();
  for (const task of TASKS) {
    const properties = { ...propertiesOf(task, place), persistent: true, mandatory: true };
    channel.sendToQueue(linked.queue, Buffer.from(task), properties);
  }
  await channel.waitForConfirms();
  await publisher.close();
}

/** Publishes an outcome, waits for the broker's answer, and acks the task. */
async function answer(
  channel: ConfirmChannel,
  message: ConsumeMessage,
  queue: string,
  properties: Options.Publish,
  times = 1,
): Promise<void> {
  for (let time = 0; time < times; time++) {
    channel.sendToQueue(queue, Buffer.from("done"), { persistent: true, ...properties });
  }
  await channel.waitForConfirms();
  channel.ack(message);
}

const COMPLETED = { published: 3, confirmed: 3, completed: 3 };

test.for([
  ["messageId", "as messageId", (id: string) => ({ messageId: id })],
  [
    "messageId",
    "as correlationId, beside an id of its own",
    (id: string) => ({ messageId: `own-${id}`, correlationId: id }),
  ],
  ["correlationId", "as correlationId", (id: string) => ({ correlationId: id })],
  ["header:x-order", "in a header", (id: string) => ({ headers: { "x-order": id } })],
] as const)(
  "told by %s, named %s: an effect, and no task",
  async ([place, , named], { linked }) => {
    const verdict = await trial(linked, {
      place,
      work: (channel, message, { done }) =>
        answer(channel, message, done, named(message.content.toString())),
    });
    expect(verdict).toMatchObject({ outcome: "held", account: COMPLETED, convictions: [] });
    const outputs = linked.told("published").filter(({ output }) => output);
    expect(outputs.map(({ task, subject }) => [subject, task])).toEqual(
      TASKS.map((task) => ["worker-1", task]),
    );
  },
);

test("no outcome is a loss, and two are a duplicate", async ({ linked }) => {
  const times: Record<string, number> = { "task-1": 0, "task-2": 1, "task-3": 2 };
  const { account, fates } = await trial(linked, {
    place: "messageId",
    work: (channel, message, { done }) => {
      const { messageId } = message.properties;
      return answer(channel, message, done, { messageId }, times[messageId]);
    },
  });
  expect(account).toEqual({ published: 3, confirmed: 3, completed: 1, duplicated: 1, lost: 1 });
  expect(fates).toMatchObject({ lost: ["task-1"], duplicated: ["task-3"] });
});

test("outcomes that are transient and unconfirmed convict the worker", async ({ linked }) => {
  let plain: Promise<Channel> | undefined;
  const { convictions } = await trial(linked, {
    place: "messageId",
    work: async (channel, message, { done }, connection) => {
      const { messageId } = message.properties;
      plain ??= connection.createChannel();
      const own = await plain;
      own.sendToQueue(done, Buffer.from("done"), { messageId });
      await own.checkQueue(done);
      channel.ack(message);
    },
  });
  expect(convictions.map(({ kind, tasks }) => [kind, tasks])).toEqual([
    ["transient publishes", TASKS],
    ["unconfirmed publishes", TASKS],
  ]);
});

test("a task put aside by a publish to another queue is parked; news of a done one is nothing", async ({
  linked,
}) => {
  const { account, fates } = await trial(linked, {
    place: "messageId",
    work: async (channel, message, { done, other }) => {
      const { messageId } = message.properties;
      channel.sendToQueue(other, Buffer.from("news"), { messageId, persistent: true });
      if (messageId === "task-1") return answer(channel, message, other, { messageId }, 0);
      return answer(channel, message, done, { messageId });
    },
  });
  expect(account).toEqual({ published: 3, confirmed: 3, completed: 2, parked: 1 });
  expect(fates).toMatchObject({ parked: ["task-1"] });
});

test("an outcome can be held, and so can its confirm", async ({ linked }) => {
  const { link } = linked;
  const publishHeld = link.hold({ subject: "worker-1", what: "publish", task: "task-2" });
  const confirmHeld = link.hold({ subject: "worker-1", what: "confirm", task: "task-3" });
  void publishHeld.landed.then((held) => held.forward());
  void confirmHeld.landed.then((held) => held.forward());
  const { account } = await trial(linked, {
    place: "correlationId",
    work: async (channel, message, { done }) => {
      const { correlationId } = message.properties;
      await answer(channel, message, done, { correlationId });
    },
  });
  expect(account).toEqual(COMPLETED);
  expect(linked.told("held").map(({ what }) => what)).toEqual(["publish", "confirm"]);
  const answered = linked.told("publish-confirmed").filter(({ subject }) => subject === "worker-1");
  expect(answered.flatMap(({ tasks }) => tasks)).toEqual([null, null, null]);
});

test("an output queue that is not there is inconclusive", async () => {
  const sight = sightOf(TASKS, { connect: around });
  const collected = queueEffects("nothing-here").collect(sight);
  await expect(collected).rejects.toMatchObject({ name: "Inconclusive" });
});
