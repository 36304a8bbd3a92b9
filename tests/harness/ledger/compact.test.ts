/** A compacted history is judged as the whole one is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { compact } from "../../../harness/history/compact.ts";
import type { Event } from "../../../harness/history/event.ts";
import { lifeOf } from "../../../harness/history/life.ts";
import { livesOf } from "../../../harness/history/lives.ts";
import { replay } from "../../../harness/history/replay.ts";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import type { Expectation, Verdict } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { generator, randomStory } from "./random-story.ts";
import { readHistory } from "./saved-histories.ts";

const directory = mkdtempSync(join(tmpdir(), "ackproof-compact-"));
/** Of the history that was compacted last. */
let path = "";
let files = 0;

afterAll(() => rmSync(directory, { recursive: true }));

const STANDARDS: Expectation[] = [
  {},
  { convictions: "all", deliveries: 2 },
  { effects: "unobserved" },
];

function write(events: readonly Event[]): void {
  path = join(directory, `${++files}.ndjson`);
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

function ledgerOf(events: Iterable<Event>): Ledger {
  const ledger = new Ledger({ keep: "wrong" });
  for (const event of events) ledger.add(event);
  return ledger;
}

async function compacted(events: readonly Event[]): Promise<Event[]> {
  if (path !== "") rmSync(path);
  write(events);
  const ledger = ledgerOf(events);
  await compact(path, (task) => ledger.isFinished(task));
  const left: Event[] = [];
  await replay(path, (event) => left.push(event));
  return left;
}

/** What of a verdict does not depend on times. */
function judged(events: Iterable<Event>, standard: Expectation): Omit<Verdict, "availability"> {
  const { availability: _, ...verdict } = ledgerOf(events).verdict(standard);
  return verdict;
}

function plain(count: number) {
  const told = story();
  for (let task = 1; task <= count; task++) told.stores(`task-${task}`).works("w", `task-${task}`);
  return told.drains();
}

describe("A compacted history", () => {
  it("is judged as before, whatever happened in it", async () => {
    const histories = fc.record({ seed: fc.nat(), steps: fc.integer({ min: 5, max: 120 }) });
    const isSame = async ({ seed, steps }: { seed: number; steps: number }) => {
      const { events } = randomStory(seed, steps);
      const left = await compacted(events);
      for (const standard of STANDARDS) {
        expect(judged(left, standard)).toEqual(judged(events, standard));
      }
    };
    await fc.assert(fc.asyncProperty(histories, isSame), { numRuns: 100 });
  }, 60_000);

  it("is judged as before when confirms and acks name several tasks at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const events = inGroups(seed);
        const left = await compacted(events);
        for (const standard of STANDARDS) {
          expect(judged(left, standard)).toEqual(judged(events, standard));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it.each(SAVED())("is judged as before: %s", async (name) => {
    const events = readHistory(name);
    const left = await compacted(events);
    for (const standard of STANDARDS) {
      expect(judged(left, standard)).toEqual(judged(events, standard));
    }
  });

  it.each<[string, () => Story]>([
    [
      "what somebody had in hand when a fault struck",
      () =>
        plain(5)
          .starts("w")
          .stores("a")
          .delivers("a", "w")
          .stores("b")
          .injects("worker-kill", "w")
          .does("w", "a")
          .acks("w", "a")
          .dies("w"),
    ],
    [
      "what came last before an answer that names nothing",
      () =>
        plain(2)
          .stores("b", "c", "d")
          .delivers("b", "v")
          .delivers("c", "v")
          .hangsUp("v", { by: "broker" })
          .stores("p", "q", "r")
          .works("v", "p", "q", "r")
          .acks("v", null, { tasks: [], tag: 2 }),
    ],
  ])("is judged as before by %s", async (_what, told) => {
    const { events } = told().drains();
    const left = await compacted(events);
    for (const standard of STANDARDS) {
      expect(judged(left, standard)).toEqual(judged(events, standard));
    }
  });

  it("has a few lines for any number of tasks that were just done", async () => {
    const left = await compacted(plain(500).events);
    const [batch] = left.filter((event) => event.type === "tasks-completed");
    expect(batch?.completed).toEqual([expect.objectContaining({ ids: [["task-", 2, 499]] })]);
    expect(left.length).toBeLessThan(20);
  });

  it("keeps every event of a task that went wrong, word for word", async () => {
    const told = plain(20).stores("bad").delivers("bad", "w").acks("w", "bad").drains();
    const bad = lifeOf(told.events, "bad");
    expect(lifeOf(await compacted(told.events), "bad")).toEqual(bad);
    expect(await livesOf(path, ["bad", "nobody"])).toEqual(new Map([["bad", bad]]));
  });

  it("still tells that a task was done", async () => {
    await compacted(plain(20).events);
    const lives = await livesOf(path, ["task-7"]);
    expect(lives.get("task-7")?.map(({ type }) => type)).toEqual(["tasks-completed"]);
  });

  it("that lost a part has a gap", async () => {
    const left = await compacted(plain(30).events);
    const cut = left.toSpliced(-2, 1);
    expect(judged(left, {}).contradictions).toEqual([]);
    expect(judged(cut, {}).contradictions).toEqual([expect.stringContaining("not whole")]);
  });

  it("that was compacted before, or has a gap, is left as it is", async () => {
    const left = await compacted(plain(30).events);
    const text = readFileSync(path, "utf8");
    await compact(path, () => true);
    expect(readFileSync(path, "utf8")).toBe(text);
    const gap = plain(30).events.toSpliced(40, 1);
    expect(await compacted(gap)).toEqual(gap);
    expect(left.length).toBeLessThan(gap.length);
  });

  it("measures no availability", async () => {
    const left = await compacted(plain(30).events);
    const { run } = ledgerOf(left).verdict().availability;
    expect(run).toEqual({ confirms: null, deliveries: null });
  });
});

function SAVED(): string[] {
  const files = readdirSync(new URL("../../../fixtures/histories/", import.meta.url));
  return files.filter((file) => file.endsWith(".ndjson")).map((file) => file.slice(0, -7));
}

/** Tasks that are confirmed and acked by the handful, some of them not done; and a fault at times. */
function inGroups(seed: number): Event[] {
  const random = generator(seed);
  const told = story().starts("w").connects("w").consumes("w", { prefetch: 10 });
  let number = 0;
  for (let round = 0; round < 8; round++) {
    const tasks = Array.from({ length: 1 + Math.floor(random() * 5) }, () => `task-${++number}`);
    for (const task of tasks) told.publishes(task);
    const last = tasks.at(-1) as string;
    told.confirms(last, { tasks, multiple: true });
    if (random() < 0.2) told.injects("worker-kill", "w");
    for (const task of tasks) told.delivers(task, "w");
    if (random() < 0.2) told.acks("w", null, { tasks: [], tag: 99 });
    for (const task of tasks) if (random() < 0.9) told.does("w", task);
    if (random() < 0.2) told.hangsUp("w").connects("w").consumes("w");
    else told.acks("w", last, { tasks, multiple: true });
  }
  return told.drains().events;
}
