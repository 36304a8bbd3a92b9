import { mkdirSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { say } from "../../harness/cli/say.ts";
import { benchmarkTable } from "../../harness/report/benchmark-table.ts";
import type { BenchmarkReport, Figure } from "../../harness/report/benchmarks.ts";
import { FIGURES } from "../../harness/report/html/read/benchmarks.ts";
import { keepReport } from "../../harness/report/html/write.ts";
import { paperOf } from "../../harness/report/text.ts";
import { newRunId } from "../../harness/scenario/experiment.ts";
import { RunDirectory } from "../../harness/scenario/run-directory.ts";
import type { Benchmark } from "./benchmark.ts";
import { errorText } from "./error-text.ts";
import { Met, thisMachine } from "./machine.ts";
import type { Options } from "./options.ts";
import { figureOf } from "./sample.ts";

/** Runs benchmarks one after the other. Where one fails, for whatever reason, the others go on. */
export async function runAll(
  benchmarks: Readonly<Record<string, Benchmark>>,
  options: Options,
): Promise<BenchmarkReport> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const machine = thisMachine();
  const met = new Met();
  const figures: Figure[] = [];
  const failed: BenchmarkReport["failed"] = [];
  for (const name of options.benchmarks) {
    say(`\n${name}`);
    try {
      const samples = (await benchmarks[name]?.({ options, met })) ?? [];
      figures.push(...samples.map((sample) => figureOf(name, sample)));
    } catch (error) {
      say(errorText(error));
      failed.push({ benchmark: name, reason: (error as Error).message });
    }
  }
  const { broker } = met;
  return {
    rerun: rerunOf(options),
    startedAt,
    took: performance.now() - began,
    quick: options.quick,
    machine: { ...machine, ...(broker ? { broker } : {}) },
    figures,
    failed,
  };
}

/** Says what came of it, and keeps it beside the other runs. */
export function tell(report: BenchmarkReport, { json }: Options): void {
  for (const line of ["", ...benchmarkTable(report, paperOf(process.stdout))]) say(line);
  const directory = RunDirectory.at(`bench-${newRunId()}`);
  mkdirSync(directory.path, { recursive: true });
  directory.save(FIGURES, report);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  say(
    keepReport(directory.path) ?? `Report: ${relative(process.cwd(), directory.path)}/report.html`,
  );
}

function rerunOf({ benchmarks, rounds, messages, results, quick }: Options): string {
  const parts = [
    ...benchmarks,
    ...(quick ? ["--quick"] : []),
    `--rounds ${rounds}`,
    ...(messages === undefined ? [] : [`--messages ${messages}`]),
    ...(results === undefined ? [] : [`--results ${results}`]),
  ];
  return `npm run bench -- ${parts.join(" ")}`;
}
