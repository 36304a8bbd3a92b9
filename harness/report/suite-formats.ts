import type { Formats } from "./output-files.ts";
import type { RunReport } from "./run-report.ts";
import { suiteJson } from "./suite-json.ts";
import { suiteJunit } from "./suite-junit.ts";
import { suiteMarkdown } from "./suite-markdown.ts";

/** A run of the suite in each format; its specs' runs are paths from the working directory. */
export function suiteFormats(report: RunReport): Formats {
  return {
    json: () => suiteJson(report),
    junit: () => suiteJunit(report),
    markdown: () => suiteMarkdown(report),
  };
}
