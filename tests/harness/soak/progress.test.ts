import { expect, test } from "vitest";
import type { Fact } from "../../../harness/history/event.ts";
import { History } from "../../../harness/history/history.ts";
import { Progress } from "../../../harness/soak/progress.ts";

function told(...facts: Fact[]): Progress {
  const history = new History({ keep: false });
  const progress = new Progress(history);
  for (const fact of facts) history.record(fact);
  return progress;
}

const place = (subject: string, connection: number) => ({ subject, connection, channel: 1 });

const delivered = (subject: string, connection: number, tag: number): Fact => ({
  type: "delivered",
  task: `task-${tag}`,
  tag,
  redelivered: false,
  noAck: false,
  queue: "soak",
  consumer: "c",
  ...place(subject, connection),
});

const acked = (subject: string, connection: number, ...tasks: string[]): Fact => ({
  type: "acked",
  tasks,
  tag: tasks.length,
  multiple: true,
  ...place(subject, connection),
});

const published = (connection: number): Fact => ({
  type: "published",
  task: "task-1",
  exchange: "",
  routingKey: "soak",
  persistent: true,
  mandatory: true,
  tag: 1,
  ...place("producer", connection),
});

const confirmed = (connection: number, ...tasks: string[]): Fact => ({
  type: "publish-confirmed",
  tasks,
  tag: tasks.length,
  multiple: true,
  ...place("producer", connection),
});

const closed = (subject: string, connection: number): Fact => ({
  type: "connection-closed",
  subject,
  connection,
  by: "client",
  clean: false,
});

test("whoever was sent more than it has answered is busy", () => {
  const sent = [1, 2, 3].map((tag) => delivered("worker-1", 1, tag));
  expect(told(...sent).busy).toEqual(["worker-1"]);
  expect(told(...sent, acked("worker-1", 1, "task-1", "task-2")).busy).toEqual(["worker-1"]);
  expect(told(...sent, acked("worker-1", 1, "task-1", "task-2", "task-3")).busy).toEqual([]);
});

test("what was in hand is gone with its connection, and what came by a later one is not", () => {
  const two = [delivered("worker-1", 1, 1), delivered("worker-1", 2, 1)];
  expect(told(...two, closed("worker-1", 1)).busy).toEqual(["worker-1"]);
  expect(told(...two, closed("worker-1", 1), closed("worker-1", 2)).busy).toEqual([]);
});

test("a process that has ended is not busy, though the broker may not know yet", () => {
  const exited = { type: "process-exited", subject: "worker-1", pid: 1, code: null } as const;
  const sent = [delivered("worker-1", 1, 1), delivered("worker-2", 2, 1)];
  expect(told(...sent, { ...exited, signal: "SIGKILL" }).busy).toEqual(["worker-2"]);
});

test("acks of workers count, and no others", () => {
  const facts = [acked("worker-1", 1, "a", "b"), acked("drain", 2, "c")];
  expect(told(...facts).acked).toBe(2);
  const dropped = { ...acked("worker-1", 1, "a"), dropped: true } as Fact;
  expect(told(dropped).acked).toBe(0);
});

test("publishes wait for their confirm as long as their connection lasts", () => {
  const facts = [published(1), published(1), published(2), confirmed(1, "task-1")];
  expect(told(...facts).unconfirmed).toBe(2);
  expect(told(...facts, closed("producer", 1)).unconfirmed).toBe(1);
});

test("publishes that never arrive wait for nothing, also after the end of their connection", () => {
  const dropped = { ...published(1), dropped: true } as Fact;
  expect(told(published(1), dropped, closed("producer", 1), dropped).unconfirmed).toBe(0);
});

const left = (subject: string): Fact => ({
  type: "process-exited",
  subject,
  pid: 1,
  code: 0,
  signal: null,
});

test("it is over once the producer has left, and all is answered", () => {
  const all = [published(1), delivered("worker-1", 2, 1), acked("worker-1", 2, "task-1")];
  expect(told(...all, left("producer")).isOver).toBe(true);
  expect(told(...all, left("worker-1")).isOver).toBe(false);
  expect(told(...all.slice(0, 2), left("producer")).isOver).toBe(false);
  expect(told(...all, published(1), left("producer")).isOver).toBe(false);
});

test("whoever waits is told of the first task in a worker's hands", () => {
  const history = new History({ keep: false });
  const progress = new Progress(history);
  const seen: string[][] = [];
  progress.subscribe(() => seen.push(progress.busy));
  history.record(delivered("worker-1", 1, 1));
  history.record(delivered("worker-1", 1, 2));
  expect(seen).toEqual([["worker-1"]]);
});
