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
  return history.events.flatMap((event) => (event.type === "effect-done" ? event.task : []));
}

test("what is there is told once, and what is not there yet is waited for", () => {
  logs.read("worker-1");
  appendFileSync(path, "a\nb\n");
  expect(found()).toEqual([]);
  logs.read("worker-1");
  appendFileSync(path, "c\n");
  logs.read("worker-1");
  expect(found()).toEqual(["a", "b", "c"]);
  const requests = history.events.map((event) => "request" in event && event.request);
  expect(requests).toEqual([1, 1, 2, 2, 3, 3]);
});

test("of somebody who is not followed, nothing is", () => {
  appendFileSync(path, "a\n");
  logs.read("publisher");
  expect(found()).toEqual([]);
});

test("at its end, what it had done without an ack is told", async () => {
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
