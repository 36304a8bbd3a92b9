import { writeFileSync } from "node:fs";
import { SetupError } from "../errors.ts";
import { auditJson } from "../report/audit-json.ts";
import { auditJunit } from "../report/audit-junit.ts";
import { auditMarkdown } from "../report/audit-markdown.ts";
import type { AuditResult } from "../report/audit-result.ts";
import type { AuditOptions } from "./options.ts";

/**
 * Writes the result where the settings want it besides the run directory.
 *
 * @throws {SetupError} when a file can't be written.
 */
export function writeResult(
  result: AuditResult,
  { json, junit, markdown }: Pick<AuditOptions, "json" | "junit" | "markdown">,
): void {
  if (json !== undefined) write(json, auditJson(result));
  if (junit !== undefined) write(junit, auditJunit(result));
  if (markdown !== undefined) write(markdown, auditMarkdown(result));
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new SetupError(`The result can't be written to ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
