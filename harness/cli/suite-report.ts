import { mkdirSync } from "node:fs";
import { relative } from "node:path";
import { reportLine } from "../report/html/write.ts";
import type { SpecResult } from "../report/result.ts";
import type { RunReport } from "../report/run-report.ts";
import { newRunId } from "../scenario/experiment.ts";
import { ORIGIN, originOf } from "../scenario/origin.ts";
import { RunDirectory } from "../scenario/run-directory.ts";

/**
 * Keeps what a run of the suite found, as data and as a page.
 *
 * @returns a line that says where, or why not: the run is what it is all the same. Nothing where no
 * experiment was run, unless it is a shard: its others are to find it all the same.
 */
export function keepSuite(report: RunReport): string[] {
  if (report.specs.length === 0 && !report.shard) return [];
  const id = newRunId();
  const directory = RunDirectory.at(id);
  try {
    mkdirSync(directory.path, { recursive: true });
    const specs = report.specs.map((spec) => besides(spec, directory.path));
    directory.save("results.json", { ...report, specs });
    directory.save(ORIGIN, originOf(id));
  } catch (cause) {
    return [`The results are not kept: ${(cause as Error).message}`];
  }
  return [reportLine(directory.path)];
}

/** Both lie among the runs, and may be moved together. */
function besides(spec: SpecResult, path: string): SpecResult {
  return spec.run === undefined ? spec : { ...spec, run: relative(path, spec.run) };
}
