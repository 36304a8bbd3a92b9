import { writeFileSync } from "node:fs";
import { SetupError } from "../errors.ts";
import { closing } from "../report/closing.ts";
import { type Failure, failureText } from "../report/failure.ts";
import type { RunReport } from "../report/run-report.ts";
import { type ExitCode, exitCodeOf, worstOf } from "./exit-code.ts";
import { unprovenRemarks } from "./proven.ts";
import type { Outlook, TestRun } from "./run-tests.ts";
import { keepSuite } from "./suite-report.ts";

/** Where the results go as JSON; see RunReport. */
const RESULTS = "ACKPROOF_RESULTS";
/** Set in a run that is a part of another: who started it has the last word. */
const PART = "ACKPROOF_PART";

/** What another process must be told so that it leaves its results in a file, and ends quietly. */
export function partOfRun(results: string): Record<string, string> {
  return { [RESULTS]: results, [PART]: "1" };
}

/** Says everything that is said at the end of a run. */
export function conclude({ report, failures }: TestRun, { paper, say }: Outlook): ExitCode {
  for (const failure of failures) say(`\n${failureText(failure, paper)}`);
  saveResults(report);
  if (!process.env[PART]) {
    say(closing(report, paper, unprovenRemarks(report)));
    for (const line of keepSuite(report)) say(line);
  }
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
