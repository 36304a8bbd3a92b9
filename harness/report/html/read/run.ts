import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { SetupError } from "../../../errors.ts";
import type { PageData } from "../data.ts";
import { cleaned } from "../view/clean.ts";
import { readAudit } from "./audit.ts";
import { FIGURES, readBenchmarks } from "./benchmarks.ts";
import { MERGED, readMerged } from "./merged.ts";
import { RESULTS } from "./part.ts";
import { readSingle } from "./single.ts";
import { readSuite } from "./suite.ts";

export interface ReadOptions {
  /** Tasks to be told whatever else there is. */
  wanted?: readonly string[];
}

/**
 * What a saved run has to show: of an audit, a suite, a single experiment, benchmarks, or several
 * runs merged.
 *
 * @param path the run's directory; of a suite, the file of its results will do.
 * @throws {SetupError} where there is nothing of a run.
 */
export function readRun(path: string, { wanted = [] }: ReadOptions = {}): PageData {
  if (!existsSync(path)) throw new SetupError(`There is no run at ${path}.`);
  const name = basename(resolve(path));
  if (statSync(path).isFile()) return cleaned(readSuite(path, name));
  if (existsSync(join(path, MERGED))) return readMerged(path, name); // Its parts are clean.
  if (existsSync(join(path, "audit.json"))) return cleaned(readAudit(path, name, wanted));
  if (existsSync(join(path, RESULTS))) return cleaned(readSuite(join(path, RESULTS), name));
  if (existsSync(join(path, FIGURES))) return cleaned(readBenchmarks(path, name));
  const parts = ["manifest.json", "history.ndjson", "verdict.json"];
  if (parts.some((part) => existsSync(join(path, part)))) {
    return cleaned(readSingle(path, name, wanted));
  }
  if (existsSync(join(path, "trials"))) return cleaned(readAudit(path, name, wanted));
  throw new SetupError(
    `${path} is no run directory: it has neither ${parts[0]} nor audit.json. Those that are kept are in .ackproof/runs.`,
  );
}
