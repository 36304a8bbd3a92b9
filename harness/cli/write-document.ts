import { globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PreparedImage } from "../broker/image.ts";
import { SetupError } from "../errors.ts";
import { type Article, type Circumstances, guaranteeDocument } from "../report/document.ts";
import { gapIn, versionsMissing } from "../report/document-gaps.ts";
import { listInWords } from "../report/document-markdown.ts";
import { minorOf, provenVersions } from "../report/document-versions.ts";
import type { SpecResult } from "../report/result.ts";
import type { RunReport } from "../report/run-report.ts";
import { type ExitCode, SETUP } from "./exit-code.ts";
import { DOCUMENT, presentDocument } from "./proven.ts";
import type { Outlook } from "./run-tests.ts";

const ROOT = join(import.meta.dirname, "../..");
const DATE = /\d{4}-\d{2}-\d{2}/;

/** @throws {SetupError} before anything runs, where what runs would not be all versions. */
export function requireVersions(
  prepared: readonly PreparedImage[],
  document = presentDocument(),
): void {
  const versions = prepared.flatMap(({ version }) => version ?? []);
  const missing = versionsMissing(versions, provenVersions(document));
  if (new Set(versions.map(minorOf)).size < 2) {
    throw new SetupError(
      `The document is of several versions, and here is ${versions[0] ?? "none"} alone. ` +
        "Run `npm run setup -- --all`.",
    );
  }
  if (missing.length === 0) return;
  throw new SetupError(
    `The document is of RabbitMQ ${listInWords(missing)}, too, of which no image is prepared. ` +
      "Run `npm run setup -- --all`.",
  );
}

/**
 * Writes the document of a whole run. Where the run proved less than all, it says why it does not,
 * and the document is left as it is.
 *
 * @param code how the run ended.
 * @returns the same, unless only the document failed.
 */
export function writeDocument(
  code: ExitCode,
  report: RunReport,
  { say }: Pick<Outlook, "say">,
  file = DOCUMENT,
): ExitCode {
  const gap = gapIn(report.specs) ?? (code === 0 ? undefined : "the run failed");
  if (gap !== undefined) {
    say(`tests/GUARANTEES.md is not written: ${gap}.`);
    return code === 0 ? SETUP : code;
  }
  const present = presentDocument(file);
  const today = new Date().toISOString().slice(0, 10);
  // The day is when this was found first: it alone is no news.
  const isNews = documentOf(report.specs, dateOf(present) ?? today) !== present;
  if (isNews) writeFileSync(file, documentOf(report.specs, today));
  say(isNews ? "tests/GUARANTEES.md is written." : "tests/GUARANTEES.md says this already.");
  return code;
}

/** The document that these results make. */
export function documentOf(specs: readonly SpecResult[], date: string): string {
  return guaranteeDocument(specs, circumstances(date));
}

function circumstances(date: string): Circumstances {
  const manifest = join(ROOT, "node_modules/amqplib/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return { date, node: process.versions.node, amqplib: version, articles: articles() };
}

/** The Markdown files among the findings, by their titles. */
function articles(): Article[] {
  const home = dirname(DOCUMENT);
  return globSync("findings/*.md", { cwd: home })
    .sort()
    .map((path) => {
      const [first = ""] = readFileSync(`${home}/${path}`, "utf8").split("\n");
      return { title: first.replace(/^#\s*/, ""), path };
    });
}

/** The day that a document names. */
function dateOf(document: string): string | undefined {
  return DATE.exec(document)?.[0];
}
