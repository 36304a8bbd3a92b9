/** What is told of the tasks that broke a soak: from its file, for nobody has kept their events. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Event } from "../../../harness/history/event.ts";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { badLives } from "../../../harness/soak/bad-lives.ts";
import { judgeSoak } from "../../../harness/soak/judgement.ts";
import { story } from "../ledger/history-builder.ts";

const folder = mkdtempSync(join(tmpdir(), "ackproof-soak-"));
afterAll(() => rmSync(folder, { recursive: true }));

function judged(events: readonly Event[]) {
  const ledger = new Ledger();
  for (const event of events) ledger.add(event);
  const file = join(folder, "history.ndjson");
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return { verdict: judgeSoak(ledger), file };
}

/** One that is done, and so many that are acked and never done. */
function losing(...tasks: string[]) {
  const told = story().stores("good").works("w", "good");
  for (const task of tasks) told.stores(task).delivers(task, "w").acks("w", task);
  return judged(told.drains().events);
}

test("the life of a lost task, and nothing of those that were done", async () => {
  const { verdict, file } = losing("bad");
  const lines = await badLives(verdict, file);
  expect(lines[0]).toBe("bad is lost:");
  expect(lines.slice(1).map((line) => line.replace(/^.* ms {2}/, ""))).toEqual([
    "published by publisher to tasks",
    "confirmed to publisher",
    "delivered to w (tag 2)",
    "acked by w (tag 2)",
  ]);
});

test("of many, three, and how many more there are", async () => {
  const { verdict, file } = losing("a", "b", "c", "d", "e");
  const lines = await badLives(verdict, file);
  expect(lines.filter((line) => line.endsWith(":"))).toEqual([
    "a is lost:",
    "b is lost:",
    "c is lost:",
  ]);
  expect(lines.at(-1)).toBe("… and 2 more.");
});

test("nothing where every task was done, and why where the file can't be read", async () => {
  const { verdict, file } = losing();
  expect(await badLives(verdict, file)).toEqual([]);
  const lost = losing("bad");
  expect(await badLives(lost.verdict, join(folder, "nowhere"))).toEqual([
    expect.stringMatching(/^Their lives can't be told: .*nowhere/),
  ]);
});
