import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { SetupError } from "../../../errors.ts";
import { auditFormats } from "../../audit-formats.ts";
import type { Formats } from "../../output-files.ts";
import type { RunReport } from "../../run-report.ts";
import { suiteFormats } from "../../suite-formats.ts";
import { auditResultIn } from "./audit-result.ts";
import { readJson } from "./files.ts";
import { RESULTS } from "./part.ts";
import { suiteIn } from "./suite-file.ts";

/**
 * The result of a saved run in each format, from what was saved alone.
 *
 * @param path the directory of a suite's run or an audit's; of a suite, the file will do.
 * @throws {SetupError} where there is no result of either.
 */
export function readFormats(path: string): Formats {
  if (!existsSync(path)) throw new SetupError(`There is no run at ${path}.`);
  const isFile = statSync(path).isFile();
  if (!isFile && existsSync(join(path, "audit.json"))) {
    const result = auditResultIn(saved(path, "audit.json"));
    if (result) return auditFormats(result);
    throw new SetupError(`The audit in ${path} has no whole result: it was broken off.`);
  }
  const results = isFile ? path : join(path, RESULTS);
  if (!existsSync(results)) {
    throw new SetupError(
      `${path} has neither audit.json nor ${RESULTS}: --json, --junit and --markdown are of a ` +
        "whole suite or audit. Without them, this writes the page of a single experiment.",
    );
  }
  const folder = dirname(results);
  return suiteFormats(fromHere(suiteIn(saved(folder, basename(results))), folder));
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
