/**
 * Where the suite's time goes: its wall time against its broker boots. By a run that there is, or by
 * runs of its own, each a process that does as `npm run guarantees` does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { say } from "../../../harness/cli/say.ts";
import { SetupError } from "../../../harness/errors.ts";
import type { RunReport } from "../../../harness/report/run-report.ts";
import type { Bench } from "../benchmark.ts";
import type { Sample } from "../sample.ts";
import { inScratch } from "../scratch.ts";
import { describeRun, samplesOf, timeOf } from "./figures.ts";

/** A family that restarts its broker, and one run of it: what a smoke run has time for. */
const QUICK_FAMILY = "durability";

/** The whole suite takes minutes: fewer rounds than of anything else. */
const ROUNDS_OF_ALL = 4;

/** As the package's own scripts start it. */
const COMMAND = [
  "--max-semi-space-size=2",
  "--optimize-for-size",
  join(import.meta.dirname, "../../../harness/cli/main.ts"),
  "guarantees",
];

export async function measureSuite({ options, met }: Bench): Promise<Sample[]> {
  const { quick, results } = options;
  const reports = results === undefined ? await runs(quick, options.rounds) : [read(results)];
  const [first] = reports;
  const [spec] = first?.specs ?? [];
  if (spec) met.see(spec.broker);
  const times = reports.map(timeOf);
  for (const time of times) for (const line of describeRun(time)) say(line);
  return samplesOf(quick ? `family ${QUICK_FAMILY}` : "guarantees", times);
}

async function runs(quick: boolean, rounds: number): Promise<RunReport[]> {
  const count = quick ? 1 : Math.ceil(rounds / ROUNDS_OF_ALL);
  const reports: RunReport[] = [];
  while (reports.length < count) {
    reports.push(await inScratch((folder) => runOnce(quick ? [QUICK_FAMILY] : [], folder)));
  }
  return reports;
}

/** @throws {SetupError} with its last words where it found anything broken: its time says nothing. */
async function runOnce(families: string[], folder: string): Promise<RunReport> {
  const env = { ACKPROOF_DIR: folder };
  const { exitCode, all } = await execa(process.execPath, [...COMMAND, ...families], {
    env,
    all: true,
    reject: false,
  });
  if (exitCode !== 0) {
    const words = all.split("\n").slice(-20).join("\n");
    throw new SetupError(`The suite ended with exit code ${exitCode}. It said last:\n${words}`);
  }
  const kept = join(folder, "runs");
  const [run] = readdirSync(kept);
  return read(join(kept, run ?? "", "results.json"));
}

function read(file: string): RunReport {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new SetupError(`${file} has no results of a suite: ${(cause as Error).message}`, {
      cause,
    });
  }
}
