import { auditJson } from "./audit-json.ts";
import { auditJunit } from "./audit-junit.ts";
import { auditMarkdown } from "./audit-markdown.ts";
import type { AuditResult } from "./audit-result.ts";
import type { Formats } from "./output-files.ts";

/** An audit's result in each format. */
export function auditFormats(result: AuditResult): Formats {
  return {
    json: () => auditJson(result),
    junit: () => auditJunit(result),
    markdown: () => auditMarkdown(result),
  };
}
