import { existsSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { SetupError } from "../../errors.ts";
import { htmlDocument } from "./document.ts";
import { compared } from "./read/compare.ts";
import { type ReadOptions, readRun } from "./read/run.ts";

const NAME = "report.html";

/**
 * Writes the report of a saved run beside it; a run that is cut off gives as much as it has.
 *
 * @param path the run's directory, or the file with the results of a suite.
 * @returns the path of the report.
 * @throws {SetupError} where there is no run, or the report can't be written.
 */
export function writeReport(path: string, options: ReadOptions & { to?: string } = {}): string {
  const document = htmlDocument(readRun(path, options));
  return save(options.to ?? join(folderOf(path), NAME), document);
}

/**
 * The same for a run that has just ended: its report must not cost it its result.
 *
 * @returns why there is no report, a sentence; undefined where there is one.
 */
export function keepReport(path: string): string | undefined {
  try {
    writeReport(path);
    return undefined;
  } catch (cause) {
    return `There is no report of ${path}: ${(cause as Error).message}`;
  }
}

/** The same in a line for whoever reads of the run: where its report is, or why there is none. */
export function reportLine(path: string): string {
  return keepReport(path) ?? lineOf(path);
}

/** The line of a run whose report should be there already; none where it isn't. */
export function reportLines(path: string): string[] {
  return existsSync(join(path, NAME)) ? [lineOf(path)] : [];
}

function lineOf(path: string): string {
  return `Report: ${relative(process.cwd(), join(path, NAME))}`;
}

/**
 * Writes what changed between two runs: of the same suite, or of the same audit.
 *
 * @param to the file; one in the working directory when left out, with the names of both, so that
 * no comparison is written over another.
 * @throws {SetupError} as above.
 */
export function writeComparison(before: string, after: string, to?: string): string {
  const document = htmlDocument(compared(readRun(before), readRun(after)));
  return save(to ?? `compared-${nameOf(before)}-${nameOf(after)}.html`, document);
}

function nameOf(path: string): string {
  return basename(resolve(folderOf(path)));
}

function folderOf(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path);
}

function save(file: string, text: string): string {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(`The report can't be written to ${file}: ${message}`, { cause });
  }
  return file;
}
