import { relative } from "node:path";
import { cleanReport } from "../report/clean-report.ts";
import { closing } from "../report/closing.ts";
import { type OutputFiles, writeFormats } from "../report/output-files.ts";
import type { RunReport } from "../report/run-report.ts";
import { suiteAnnotations } from "../report/suite-annotations.ts";
import { suiteFormats } from "../report/suite-formats.ts";
import { suiteMarkdown } from "../report/suite-markdown.ts";
import { tellActions } from "./actions.ts";
import { unprovenRemarks } from "./proven.ts";
import type { Outlook } from "./run-tests.ts";
import { keepSuite } from "./suite-report.ts";

/**
 * Says what a whole run of the suite came to, keeps it, and writes it where it is wanted.
 *
 * @throws {SetupError} when a file can't be written.
 */
export function lastWord(report: RunReport, files: OutputFiles, outlook: Outlook): void {
  const { paper, say } = outlook;
  say(closing(report, paper, unprovenRemarks(report)));
  const kept = cleanReport(report);
  for (const line of keepSuite(kept)) say(line);
  // From what is kept, so that the saved run gives the same.
  const told = fromHere(kept);
  tellActions(
    { annotations: suiteAnnotations(told), markdown: (room) => suiteMarkdown(told, room) },
    say,
  );
  writeFormats(files, suiteFormats(told));
}

function fromHere(report: RunReport): RunReport {
  const specs = report.specs.map((spec) =>
    spec.run === undefined ? spec : { ...spec, run: relative(process.cwd(), spec.run) },
  );
  return { ...report, specs };
}
