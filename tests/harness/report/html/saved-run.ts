import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Event } from "../../../../harness/history/event.ts";
import { judge } from "../../../../harness/ledger/ledger.ts";
import { Story } from "../../ledger/history-builder.ts";

/** A folder for one test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "ackproof-report-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface Saved {
  events: readonly Event[];
  manifest?: Record<string, unknown>;
  logs?: Record<string, string>;
  verdict?: unknown;
}

/** Saves a run as the harness does; its verdict is the ledger's where none is given. */
export function saveRun(path: string, { events, manifest, logs = {}, verdict }: Saved): string {
  mkdirSync(join(path, "logs"), { recursive: true });
  const json = (name: string, value: unknown) =>
    writeFileSync(join(path, name), `${JSON.stringify(value, null, 2)}\n`);
  json("manifest.json", { ...MANIFEST, ...manifest });
  json("verdict.json", verdict ?? judge(events));
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(path, "history.ndjson"), lines.join(""));
  for (const [name, text] of Object.entries(logs)) {
    writeFileSync(join(path, "logs", `${name}.log`), text);
  }
  return path;
}

const MANIFEST = {
  title: "A task is done once",
  rerun: 'npm run guarantees -- -t "A task is done once"',
  fault: "worker-kill",
  queueType: "quorum",
  seed: 7,
  broker: { image: "rabbitmq:4.3@sha256:0123", version: "4.3.6" },
  node: "v24.0.0",
  startedAt: "2026-11-22T10:00:00.000Z",
};

/** A worker acks a task before its effect and is killed; the other task is done by its successor. */
export function loss(lost = "lost-1", done = "done-1"): Story {
  return new Story()
    .brokerUp("one")
    .declares()
    .starts("worker-1", 11)
    .consumes("worker-1")
    .stores(lost, done)
    .delivers(lost, "worker-1")
    .acks("worker-1", lost)
    .delivers(done, "worker-1")
    .asks("worker-1", done)
    .injects("worker-kill", "worker-1", "mid-task", done)
    .dies("worker-1", 11)
    .witnesses("worker-kill")
    .hangsUp("worker-1")
    .abandons("worker-1", done)
    .starts("worker-2", 12)
    .consumes("worker-2")
    .delivers(done, "worker-2", { redelivered: true })
    .does("worker-2", done)
    .acks("worker-2", done)
    .drains();
}

/** Tasks that all go well. */
export function well(count: number, name = (n: number) => `task-${n}`): Story {
  const story = new Story().brokerUp("one").declares().starts("worker-1").consumes("worker-1");
  for (let n = 1; n <= count; n++) {
    const task = name(n);
    story.stores(task).delivers(task, "worker-1").does("worker-1", task).acks("worker-1", task);
  }
  return story.drains();
}
