import { appendFileSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { History } from "../../../harness/history/history.ts";
import { EffectLogs } from "../../../harness/soak/effect-logs.ts";

let folder: string;
let path: string;
let history: History;
let logs: EffectLogs;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ackproof-logs-"));
  path = join(folder, "worker-1.effects");
  history = new History();
  logs = new EffectLogs(history);
  logs.follow("worker-1", path);
});

afterEach(() => {
  logs.close();
  rmSync(folder, { recursive: true });
});

function found(): string[] {
  return history.events.flatMap((event) => (event.type === "effect-logged" ? event.task : []));
}

async function acks(subject = "worker-1"): Promise<void> {
  const place = { subject, connection: 1, channel: 1 };
  history.record({ type: "acked", tasks: ["any"], tag: 1, multiple: true, ...place });
  await turn();
}

test("an ack is the sign that lines are there, each of which is told once", async () => {
  await acks();
  appendFileSync(path, "a\nb\n");
  expect(found()).toEqual([]);
  await acks();
  appendFileSync(path, "c\n");
  await acks();
  expect(found()).toEqual(["a", "b", "c"]);
});

test("nobody else's ack is", async () => {
  appendFileSync(path, "a\n");
  await acks("worker-2");
  expect(found()).toEqual([]);
});

test("so is its end, and what it had done without an ack is told then", async () => {
  appendFileSync(path, "a\n");
  const exit = { code: null, signal: "SIGKILL" };
  history.record({ type: "process-exited", subject: "worker-1", pid: 1, ...exit });
  await turn();
  expect(found()).toEqual(["a"]);
});

test("a line that a death has cut off is none, and is taken back by whoever goes on", () => {
  appendFileSync(path, "a\nb");
  logs.readAll();
  truncateSync(path, 2);
  logs.follow("worker-1", path);
  appendFileSync(path, "c\n");
  logs.readAll();
  expect(found()).toEqual(["a", "c"]);
});

test("however much there is, all of it is told, in order", () => {
  const all = Array.from({ length: 20_000 }, (_, index) => `task-${index}`);
  appendFileSync(path, `${all.join("\n")}\n`);
  logs.readAll();
  expect(found()).toEqual(all);
});
