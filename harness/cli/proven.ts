import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { versionsOf } from "../report/document-places.ts";
import { unprovenLine } from "../report/document-versions.ts";
import type { RunReport } from "../report/run-report.ts";

export const DOCUMENT = join(import.meta.dirname, "../../tests/GUARANTEES.md");

/** The document as it is now; empty where there is none. */
export function presentDocument(file = DOCUMENT): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** For the end of a run: that nothing is known yet of how the specs fare on this version. */
export function unprovenRemarks({ specs }: RunReport): Record<string, string> {
  const line = unprovenLine(versionsOf(specs), presentDocument());
  return line === undefined ? {} : { unproven: line };
}
