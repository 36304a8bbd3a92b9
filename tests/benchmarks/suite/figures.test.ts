import { expect, test } from "vitest";
import { emptyReport } from "../../../harness/report/run-report.ts";
import { aSpec } from "../../harness/report/specs.ts";
import { describeRun, samplesOf, timeOf } from "./figures.ts";

const spec = (boots: number) => aSpec({ time: { boots, waits: 0, total: 9000 } });

const REPORT = {
  ...emptyReport(),
  specs: [spec(8000), spec(0), spec(4000)],
  lanes: 2,
  time: { boot: 5000, wall: 22_000 },
};

test("lanes boot side by side, at first and later: what passes is a lane's share", () => {
  expect(timeOf(REPORT)).toEqual({ experiments: 3, wall: 22_000, first: 5000, restarts: 6000 });
});

test("boots are seconds of the wall time, and a share of it", () => {
  expect(samplesOf("guarantees", [timeOf(REPORT)])).toEqual([
    { what: "guarantees, 3 experiments: wall time", unit: "s", rounds: [22] },
    { what: "guarantees, 3 experiments: broker boots within it", unit: "s", rounds: [11] },
    { what: "guarantees, 3 experiments: boots / wall time", unit: "", rounds: [0.5] },
  ]);
  expect(describeRun(timeOf(REPORT))).toEqual([
    "3 experiments in 22.0 s, 50 % of it broker boots: 5.0 s at first, 6.0 s restarts",
  ]);
});
