/** Tasks that a worker has put aside where nothing tells of it, found on a real broker. */
import { randomUUID } from "node:crypto";
import { type ChannelModel, connect } from "amqplib";
import { expect, onTestFinished, test } from "vitest";
import { identify } from "../../../../harness/audit/identity.ts";
import { drainElsewhere } from "../../../../harness/audit/topology/drain-elsewhere.ts";
import { type Place, Topology } from "../../../../harness/audit/topology/topology.ts";
import { Admin } from "../../../../harness/broker/admin.ts";
import type { Event } from "../../../../harness/history/event.ts";
import { History } from "../../../../harness/history/history.ts";
import { laneBroker } from "../../../../harness/vitest.ts";

const PLACE: Place = {
  queue: "work",
  queueType: "quorum",
  exchange: "",
  routingKey: "work",
  output: "done",
};
const QUEUES = ["work", "done", "aside", "notes"];
const TASKS = ["task-1", "task-2", "task-3", "task-4"];

/** A virtual host with all queues but `gone`, and what the topology knows of them. */
async function site(): Promise<{ connection: ChannelModel; topology: Topology }> {
  const broker = await laneBroker();
  const admin = new Admin(broker);
  const vhost = `elsewhere-${randomUUID()}`;
  await admin.createVhost(vhost, "classic");
  const { host = "", port = 0 } = broker.amqp ?? {};
  const connection = await connect(`amqp://guest:guest@${host}:${port}/${vhost}`);
  onTestFinished(async () => {
    await connection.close();
    await admin.deleteVhost(vhost);
  });
  const channel = await connection.createChannel();
  for (const queue of QUEUES) await channel.assertQueue(queue);
  await channel.close();
  const queues = [...QUEUES.slice(2), "gone"].map((name) => ({
    ...{ vhost: undefined, name, durable: true, auto_delete: false, arguments: {} },
  }));
  const none = { exchanges: [], bindings: [], policies: [] };
  return { connection, topology: new Topology(PLACE, { queues, ...none }) };
}

async function send(connection: ChannelModel, queue: string, ...ids: (string | undefined)[]) {
  const channel = await connection.createConfirmChannel();
  for (const messageId of ids) {
    channel.sendToQueue(queue, Buffer.from(""), messageId === undefined ? {} : { messageId });
  }
  await channel.waitForConfirms();
  await channel.close();
}

async function countOf(connection: ChannelModel, queue: string): Promise<number> {
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}

const isTask = (id: string) => TASKS.includes(id);
const sight = (history: History) => ({
  history,
  tasks: TASKS,
  identify: identify("messageId", isTask),
});

/** What was recorded, but for the stamps. */
function told({ events }: History, from = 0): Partial<Event>[] {
  return events.slice(from).map(({ seq: _seq, at: _at, ...fact }) => fact);
}

const finished = (queue: string, found: number) => ({
  ...{ type: "drain-finished", queue, found, gone: false },
});
const drained = (queue: string, task: string) => ({
  ...{ type: "drained", queue, task, redelivered: false },
});

test("a task that is not done is parked where it is found; what only tells of one is not", async () => {
  const { connection, topology } = await site();
  const history = new History();
  history.record({ type: "effect-done", subject: "worker-1", task: "task-1", request: 1 });
  history.record({ type: "effect-logged", subject: "worker-1", task: "task-2" });
  history.record({ type: "drained", queue: "work", task: "task-3", redelivered: false });
  history.record({ type: "drained", queue: "work", task: null, redelivered: false });
  history.record({ type: "effect-requested", subject: "worker-1", task: "task-4", request: 2 });
  await send(connection, "aside", "task-1", "task-2", "another", "task-4", undefined, "task-3");
  await send(connection, "notes", "task-1", "of its own");
  await drainElsewhere(connection, topology, sight(history));
  expect(told(history, 5)).toEqual([
    {
      ...{ type: "queue-declared", queue: "aside", role: "parking" },
      ...{ durable: true, queueType: "quorum", discards: [] },
    },
    drained("aside", "task-4"),
    finished("aside", 1),
  ]);
  expect([await countOf(connection, "aside"), await countOf(connection, "notes")]).toEqual([0, 0]);
});

test("every queue is looked into that is nothing to the experiment, and no other", async () => {
  const { connection, topology } = await site();
  const history = new History();
  await send(connection, "aside", "task-1", "task-2");
  await send(connection, "notes", "task-3");
  await send(connection, "done", "task-4");
  await send(connection, "work", "task-4");
  await drainElsewhere(connection, topology, sight(history));
  const found = told(history).filter(({ type }) => type !== "queue-declared");
  expect(found).toEqual([
    drained("aside", "task-1"),
    drained("aside", "task-2"),
    finished("aside", 2),
    drained("notes", "task-3"),
    finished("notes", 1),
  ]);
  expect([await countOf(connection, "work"), await countOf(connection, "done")]).toEqual([1, 1]);
});

test("a task is looked for in the place where it carries its id", async () => {
  const { connection, topology } = await site();
  const history = new History();
  const channel = await connection.createConfirmChannel();
  const headers = { "x-order": "task-2" };
  channel.sendToQueue("notes", Buffer.from(""), { messageId: "task-1", headers });
  await channel.waitForConfirms();
  const byHeader = { ...sight(history), identify: identify("header:x-order", isTask) };
  await drainElsewhere(connection, topology, byHeader);
  expect(told(history)).toContainEqual(drained("notes", "task-2"));
});
