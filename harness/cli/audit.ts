import { audit } from "../audit/audit.ts";
import { effectiveValues } from "../audit/config/effective-values.ts";
import { auditAnnotations } from "../report/audit-annotations.ts";
import { auditFormats } from "../report/audit-formats.ts";
import { habitLines, liveLine } from "../report/audit-live-line.ts";
import { auditMarkdown } from "../report/audit-markdown.ts";
import type { TrialResult } from "../report/audit-result.ts";
import { auditSummary } from "../report/audit-summary.ts";
import { unfinished } from "../report/audit-unfinished.ts";
import { reportLines } from "../report/html/write.ts";
import { AuditProgress } from "../report/live/audit-progress.ts";
import { writeFormats } from "../report/output-files.ts";
import { wrap } from "../report/text.ts";
import { sayUntaken, tellActions } from "./actions.ts";
import { parseAudit } from "./audit-arguments.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { live } from "./live.ts";
import type { Outlook } from "./run-tests.ts";

/** `ackproof audit [options] -- <command>`: does a worker lose or double a task when it dies? */
export async function auditWorker(args: string[], outlook: Outlook): Promise<ExitCode> {
  const { say, paper, interruption } = outlook;
  const asked = await parseAudit(args);
  if ("help" in asked) {
    say(asked.help);
    return 0;
  }
  const { resolved, verbose } = asked;
  for (const line of effectiveValues(resolved, verbose)) say(line);
  const told: TrialResult[] = [];
  const progress = new AuditProgress();
  const watcher = {
    say: (line: string) => say(wrap(line, paper.columns).join("\n")),
    signal: interruption.signal,
    progress,
    onTrial: (trial: TrialResult) => {
      progress.tells(trial);
      say(liveLine(trial, paper));
      const { allow } = resolved.options;
      for (const line of habitLines(trial, told, allow, paper)) say(line);
      told.push(trial);
    },
  };
  const auditing = () => audit(resolved, watcher);
  const result = await live(progress, outlook, auditing).catch((error) => {
    if (told.length > 0) say(`\n${wrap(unfinished(told), paper.columns).join("\n")}`);
    throw interruption.reason ?? error;
  });
  writeFormats(resolved.options, auditFormats(result));
  sayUntaken([`\n${auditSummary(result, paper, reportLines(result.run))}`], say);
  tellActions(
    { annotations: auditAnnotations(result), markdown: (room) => auditMarkdown(result, room) },
    say,
  );
  return exitCodeOf(result.outcome);
}
