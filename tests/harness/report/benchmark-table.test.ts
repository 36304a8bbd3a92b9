import { expect, test } from "vitest";
import { benchmarkTable } from "../../../harness/report/benchmark-table.ts";
import { isMissed } from "../../../harness/report/benchmarks.ts";
import { aFigure, aReport, BOOT } from "./benchmarks.ts";
import { page, painted } from "./specs.ts";

const MISSED = aFigure({ median: 0.8, met: false });

test("a line for each figure, with the machine it was measured on", () => {
  expect(benchmarkTable(aReport(), page())).toEqual([
    "RabbitMQ 4.3.6 (rabbitmq:4.3), Node v24.0.0, 2 cores (Z80)",
    "",
    "benchmark  figure                  median  lowest to highest  bound",
    "link       publish, link / direct  0.90    0.88 to 0.95       at least 0.85  met",
    "kill       the broker's own boot   4.10 s  one round                         no bound",
    "",
    "61.0 s in all",
  ]);
});

test("what is missed says so without a colour, and with one", () => {
  const report = aReport({ figures: [MISSED, BOOT] });
  expect(benchmarkTable(report, page())[3]).toMatch(/0\.80 .* at least 0\.85 {2}MISSED$/);
  const [line, boot] = benchmarkTable(report, painted).slice(3);
  expect(line).toMatch(/^<red>.*<\/>$/);
  expect(boot).toMatch(/^kill/);
  expect(isMissed(report)).toBe(true);
  expect(isMissed(aReport())).toBe(false);
});

test("too little work is told and not judged", () => {
  const [line] = benchmarkTable(aReport({ figures: [aFigure({ met: null })] }), page()).slice(3);
  expect(line).toMatch(/at least 0\.85 {2}not judged$/);
});

test("a machine that others use, a smoke run, and what could not measure are told", () => {
  const { machine } = aReport();
  const failed = [{ benchmark: "kill", reason: "There is no engine." }];
  const lines = benchmarkTable(
    aReport({ machine: { ...machine, load: 13.84 }, quick: true, failed }),
    page(),
  );
  expect(lines.slice(1, 3)).toEqual([
    "Others were at work here (load 13.8 on 2 cores): the figures say little.",
    "A smoke run: its figures say little.",
  ]);
  expect(lines).toContain("kill: There is no engine.");
  // As much as one of two cores is nobody's fault.
  const quiet = aReport({ machine: { ...machine, load: 1 } });
  expect(benchmarkTable(quiet, page())[1]).toBe("");
});
