import { relative } from "node:path";
import { parseArgs } from "node:util";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { accountInWords } from "../report/account-words.ts";
import type { Shade } from "../report/html/data.ts";
import { readFormats, readReport } from "../report/html/read/formats.ts";
import { writeComparison, writeReport } from "../report/html/write.ts";
import { markOf, paintOutcome } from "../report/outcome.ts";
import { type OutputFiles, requireFolders, writeFormats } from "../report/output-files.ts";
import type { RunReport } from "../report/run-report.ts";
import { shardInWords } from "../report/shard.ts";
import { suiteAnnotations } from "../report/suite-annotations.ts";
import { suiteMarkdown } from "../report/suite-markdown.ts";
import { tellActions } from "./actions.ts";
import { FORMAT_OPTIONS } from "./arguments.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { mergeRuns } from "./merge-runs.ts";
import { runNamed } from "./run-named.ts";
import type { Outlook } from "./run-tests.ts";

const USAGE = `Usage: ${commandLine("report", "<run> [options]")}
       ${commandLine("report", "--compare <run> <run>")}
       ${commandLine("report", "--merge <run> <run>...")}
Writes report.html of a saved run beside it, from what was saved alone: an audit's directory, a
failed spec's, or the results of a suite. The same run gives the same file. A run of the working
directory may be named by its id.

  --compare      what changed from the first run to the second; a page in the working directory
  --merge        one run of several: the shards of a suite, suites on several brokers or machines,
                 audits, soaks, merged runs, or folders of them. A new directory holds a copy of all,
                 with one table and the sum of the accounts
  --task <id>    tells this message's life, too, where so many went well that it is only counted
  --out <file>   writes to this file instead; with --merge, the new directory

Of a suite, merged suites or an audit, the result for machines instead of the page; with --merge
besides it, where all are suites:

  --json <file>, --junit <file>, --markdown <file>

Exit code: 0 written, 3 there is no such run, or no room for the report. With --merge it is the
verdict of the whole: 0 held, 1 broken, 2 inconclusive (a shard is missing, a run is cut off).`;

/** Nothing is judged here, but for what is merged: a report of a broken promise is as good as any. */
export async function report(args: string[], outlook: Outlook): Promise<ExitCode> {
  const { say } = outlook;
  const { values, positionals } = parsed(args);
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const runs = positionals.map(runNamed);
  const [first, second] = runs;
  const { json, junit, markdown } = values;
  const files = { json, junit, markdown };
  if (values.merge && first !== undefined && !values.compare && values.task === undefined) {
    return merge(runs, values.out, files, outlook);
  }
  if (values.compare && !values.merge) requireTwo(runs);
  if (values.merge || first === undefined || runs.length !== (values.compare ? 2 : 1)) {
    throw new SetupError(USAGE);
  }
  const { out: to, task: wanted = [] } = values;
  if (json !== undefined || junit !== undefined || markdown !== undefined) {
    if (values.compare || to !== undefined || wanted.length > 0) throw new SetupError(USAGE);
    return again(first, files, outlook);
  }
  const written =
    second === undefined
      ? writeReport(first, { wanted, ...(to === undefined ? {} : { to }) })
      : writeComparison(first, second, to);
  say(`Report: ${here(written)}`);
  return 0;
}

/** @throws {SetupError} where there is nothing to compare with, or more than one. */
function requireTwo(runs: readonly string[]): void {
  if (runs.length === 2) return;
  const given = runs.length === 1 ? "only one was" : `${runs.length || "none"} were`;
  throw new SetupError(
    `--compare needs two runs, the earlier one first, and ${given} given: ` +
      `${commandLine("report", "--compare <run> <run>")}`,
  );
}

/** The result of a saved run for machines. */
function again(path: string, files: OutputFiles, { say }: Outlook): ExitCode {
  writeFormats(files, readFormats(path));
  for (const file of Object.values(files)) {
    if (file !== undefined) say(`Result: ${file}`);
  }
  return 0;
}

/** Whoever splits a suite over machines gates on the whole, so that has an exit code. */
function merge(
  given: string[],
  to: string | undefined,
  files: OutputFiles,
  outlook: Outlook,
): ExitCode {
  const { paper, say } = outlook;
  const isWanted = Object.values(files).some((file) => file !== undefined);
  requireFolders(files);
  const { page, run, path } = mergeRuns(given, to, { onlySuites: isWanted });
  for (const { name, share, page: own } of run.parts) {
    const which = share ? `${name} (${shardInWords(share)})` : name;
    say(`${markOf(shownAs(own.outcome), paper)} ${which}: ${own.sentence}`);
  }
  for (const { name, problem } of run.foreign) say(`${markOf("setup", paper)} ${name}: ${problem}`);
  const outcome = shownAs(page.outcome);
  say(`\n${accountInWords(page.account)}`);
  say(paintOutcome(outcome, `${outcome.toUpperCase()}: ${page.sentence}`, paper));
  for (const reason of page.reasons) say(`  ${reason}`);
  say(`Report: ${here(writeReport(path))}`);
  if (run.parts.every(({ kind }) => kind === "suite")) tellOfMerged(readReport(path), say);
  if (isWanted) again(path, files, outlook);
  return exitCodeOf(outcome);
}

/** Each part has annotated what it found; what only the whole knows is what it lacks. */
function tellOfMerged(report: RunReport, say: (line: string) => void): void {
  const annotations = suiteAnnotations({ ...report, specs: [], tests: [] });
  tellActions({ annotations, markdown: (room) => suiteMarkdown(report, room) }, say);
}

/** A run that was broken off has proven nothing. */
function shownAs(outcome: Shade): Exclude<Shade, "unfinished"> {
  return outcome === "unfinished" ? "inconclusive" : outcome;
}

function here(path: string): string {
  return relative(process.cwd(), path) || path;
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        compare: { type: "boolean" },
        merge: { type: "boolean" },
        task: { type: "string", multiple: true },
        out: { type: "string" },
        ...FORMAT_OPTIONS,
      },
    });
  } catch (cause) {
    throw new SetupError(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}
