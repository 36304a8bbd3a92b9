import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { SetupError } from "../../../errors.ts";
import { auditFormats } from "../../audit-formats.ts";
import type { Formats } from "../../output-files.ts";
import { type RunReport, together } from "../../run-report.ts";
import { suiteFormats } from "../../suite-formats.ts";
import { auditResultIn } from "./audit-result.ts";
import { readJson } from "./files.ts";
import { MERGED, mergedPage, readParts } from "./merged.ts";
import { RESULTS } from "./part.ts";
import { suiteIn } from "./suite-file.ts";

/**
 * The result of a saved run in each format, from what was saved alone.
 *
 * @param path the directory of a suite's run, an audit's, or merged suites; of a suite, the file of
 * its results will do.
 * @throws {SetupError} where there is no result of either.
 */
export function readFormats(path: string): Formats {
  if (!existsSync(path)) throw new SetupError(`There is no run at ${path}.`);
  if (existsSync(join(path, "audit.json"))) {
    const result = auditResultIn(saved(path, "audit.json"));
    if (result) return auditFormats(result);
    throw new SetupError(`The audit in ${path} has no whole result: it was broken off.`);
  }
  return suiteFormats(readReport(path));
}

/**
 * The report of a suite's run, or of several that were merged; its specs' runs are paths from the
 * working directory.
 *
 * @throws {SetupError} where there is none.
 */
export function readReport(path: string): RunReport {
  if (existsSync(join(path, MERGED))) return mergedReport(path);
  const results = statSync(path).isFile() ? path : join(path, RESULTS);
  if (!existsSync(results)) {
    throw new SetupError(
      `${path} has neither audit.json nor ${RESULTS}: --json, --junit and --markdown are of a ` +
        "whole suite or audit. Without them, this writes the page of a single experiment.",
    );
  }
  const folder = dirname(results);
  return fromHere(suiteIn(saved(folder, basename(results))), folder);
}

/** One report of suites on several machines or brokers. What they lack is told. */
function mergedReport(path: string): RunReport {
  const run = readParts(path);
  const { outcome, sentence, missing, reasons } = mergedPage(run, basename(path));
  if (run.parts.some(({ kind }) => kind !== "suite")) {
    throw new SetupError(`${path} holds more than suites: each of its parts has a result alone.`);
  }
  // What of a part can't be read is among what is missing.
  const reports = run.parts.map(({ path: folder }) =>
    fromHere(suiteIn(readJson(folder, RESULTS, () => {}) ?? {}), folder),
  );
  const report = together(reports);
  if (outcome === "held") return report;
  const gaps = [...missing, ...reasons];
  // Nothing that the page doubts may be green elsewhere.
  const isTold = gaps.length > 0 || outcome === "broken";
  return { ...report, gaps: isTold ? gaps : [sentence] };
}

function saved(folder: string, file: string): Record<string, unknown> {
  const gaps: string[] = [];
  const value = readJson(folder, file, (gap) => gaps.push(gap));
  if (value) return value;
  throw new SetupError(`${folder}: ${gaps.join(" ")}`);
}

/** Its runs lie beside it, wherever it was moved. */
function fromHere(report: RunReport, folder: string): RunReport {
  const specs = report.specs.map((spec) => {
    if (spec.run === undefined) return spec;
    const path = isAbsolute(spec.run) ? spec.run : join(folder, spec.run);
    return { ...spec, run: relative(process.cwd(), path) };
  });
  return { ...report, specs };
}
