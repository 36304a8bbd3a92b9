/** Reports of benchmarks as they lie on the disk. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readRun } from "../../../../harness/report/html/read/run.ts";
import { writeReport } from "../../../../harness/report/html/write.ts";
import { aFigure, aReport, BOOT } from "../benchmarks.ts";
import { folder } from "./saved-run.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

function saved(report: unknown): string {
  const path = join(folder(), "bench-1");
  mkdirSync(path);
  writeFileSync(join(path, "benchmarks.json"), JSON.stringify(report));
  return path;
}

test("every figure of every round, the machine, and how to measure it again", () => {
  const read = readRun(saved(aReport()));
  expect(read).toMatchObject({
    kind: "benchmark",
    run: "bench-1",
    outcome: "held",
    badge: "met",
    sentence: "The one promised number is met, of 2 figures.",
    reasons: [],
    missing: [],
    figures: [aFigure(), BOOT],
  });
  expect(read.facts).toEqual([
    { label: "RabbitMQ", value: "4.3.6" },
    { label: "image", value: "rabbitmq:4.3" },
    { label: "Node", value: "v24.0.0" },
    { label: "cores", value: "2" },
    { label: "processor", value: "Z80" },
    { label: "load at the beginning", value: "0.4" },
    { label: "started at", value: "2026-12-01T14:00:00.000Z" },
    { label: "took", value: "61 s" },
    { label: "run it again", value: "npm run bench -- link --rounds 3", command: true },
  ]);
});

test("the same figures give the same bytes", () => {
  const [one, other] = [saved(aReport()), saved(aReport())].map((path) =>
    readFileSync(writeReport(path), "utf8"),
  );
  expect(one).toBe(other);
  expect(one).toContain("<title>met: What ackproof costs</title>");
});

test("one number that is missed is the verdict", () => {
  const figures = [aFigure(), aFigure({ met: false }), BOOT];
  expect(readRun(saved(aReport({ figures })))).toMatchObject({
    outcome: "broken",
    badge: "missed",
    sentence: "1 of 2 promised numbers missed, of 3 figures.",
  });
});

test("a loaded machine, a smoke run, and what could not measure are told at the top", () => {
  const { machine } = aReport();
  const failed = [{ benchmark: "kill", reason: "There is no engine." }];
  const report = aReport({ machine: { ...machine, load: 9 }, quick: true, failed });
  expect(readRun(saved(report))).toMatchObject({
    outcome: "inconclusive",
    reasons: [
      "Others were at work here (load 9.0 on 2 cores): the figures say little.",
      "A smoke run: its figures say little.",
      "kill could not measure: There is no engine.",
    ],
  });
});

test("of a file that somebody else wrote, what is no figure is left out, and said", () => {
  const foreign = { figures: [{ what: 7 }, aFigure({ unit: "parsecs" as "s" }), null, BOOT] };
  expect(readRun(saved(foreign))).toMatchObject({
    outcome: "inconclusive",
    figures: [BOOT],
    missing: ["3 of its figures can't be read."],
  });
  expect(readRun(saved({ figures: "none" })).missing).toEqual(["It tells of no figure."]);
  expect(readRun(saved([])).missing).toContain("It tells of no figure.");
});
