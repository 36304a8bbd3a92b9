import { writeFileSync } from "node:fs";
import { SetupError } from "../errors.ts";
import { type Failure, failureText } from "../report/failure.ts";
import type { OutputFiles } from "../report/output-files.ts";
import type { RunReport } from "../report/run-report.ts";
import { sayUntaken } from "./actions.ts";
import { type ExitCode, exitCodeOf, worstOf } from "./exit-code.ts";
import { lastWord } from "./last-word.ts";
import type { Outlook, TestRun } from "./run-tests.ts";

/** Where the results go as JSON; see RunReport. */
const RESULTS = "ACKPROOF_RESULTS";
/** Set in a run that is a part of another: who started it has the last word. */
const PART = "ACKPROOF_PART";

/** What another process must be told so that it leaves its results in a file, and ends quietly. */
export function partOfRun(results: string): Record<string, string> {
  return { [RESULTS]: results, [PART]: "1" };
}

/**
 * Says everything that is said at the end of a run.
 *
 * @param files where else the result is wanted.
 * @throws {SetupError} when one of these can't be written.
 */
export function conclude(
  { report, failures }: TestRun,
  outlook: Outlook,
  files: OutputFiles = {},
): ExitCode {
  const told = failures.map((failure) => `\n${failureText(failure, outlook.paper)}`);
  sayUntaken(told, outlook.say);
  saveResults(report);
  if (!process.env[PART]) lastWord(report, files, outlook);
  return worstOf(failures.map(codeOf));
}

/** A test that is no experiment has no doubts: it fails, and something of ours is broken. */
function codeOf({ spec }: Failure): ExitCode {
  return exitCodeOf(spec && spec.outcome !== "held" ? spec.outcome : "broken");
}

function saveResults(report: RunReport): void {
  const file = process.env[RESULTS];
  if (!file) return;
  try {
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    throw new SetupError(`Can't write the results to ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
