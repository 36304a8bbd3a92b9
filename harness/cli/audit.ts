import { audit } from "../audit/audit.ts";
import { effectiveValues } from "../audit/config/effective-values.ts";
import { writeResult } from "../audit/write-result.ts";
import { liveLine } from "../report/audit-live-line.ts";
import { auditSummary } from "../report/audit-summary.ts";
import { wrap } from "../report/text.ts";
import { parseAudit } from "./audit-arguments.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import type { Outlook } from "./run-tests.ts";

/** `ackproof audit [options] -- <command>`: does a worker lose or double a task when it dies? */
export async function auditWorker(args: string[], outlook: Outlook): Promise<ExitCode> {
  const { say, paper, interruption } = outlook;
  const told = await parseAudit(args);
  if ("help" in told) {
    say(told.help);
    return 0;
  }
  const { resolved, verbose } = told;
  for (const line of effectiveValues(resolved, verbose)) say(line);
  const watcher = {
    say: (line: string) => say(wrap(line, paper.columns).join("\n")),
    signal: interruption.signal,
    onTrial: (trial: Parameters<typeof liveLine>[0]) => say(liveLine(trial, paper)),
  };
  const result = await audit(resolved, watcher).catch((error) => {
    throw interruption.reason ?? error;
  });
  writeResult(result, resolved.options);
  say(`\n${auditSummary(result, paper)}`);
  return exitCodeOf(result.outcome);
}
