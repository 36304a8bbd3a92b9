import { withoutMiddle } from "./clean-report.ts";
import { blocks, counted } from "./document-markdown.ts";
import { versionsOf } from "./document-places.ts";
import { wordTable } from "./document-words.ts";
import { familiesOf } from "./families.ts";
import { fitted, SUMMARY_LIMIT, sizeOf } from "./markdown-fit.ts";
import { folded, html, item, row, text } from "./markdown-text.ts";
import { markOf } from "./outcome.ts";
import { didInWords } from "./outcome-words.ts";
import type { PlainTest } from "./plain-tests.ts";
import type { RunReport } from "./run-report.ts";
import { shardInWords } from "./shard.ts";
import { familyTable } from "./suite-markdown-table.ts";
import {
  evidenceOf,
  type SuiteResult,
  type SuiteSpec,
  suiteResult,
  titleOf,
  toldOf,
} from "./suite-result.ts";
import { PLAIN, seconds } from "./text.ts";

/** Of a failure, in lines and in characters of a line. */
const MOST_LINES = 60;
const LONGEST = 300;

const LEGEND =
  "✓ held · ✗ broken · ? inconclusive: it proved nothing · ! could not be run · – not applicable, or not run";

/**
 * A run of the suite for GitHub's job summary: the verdict, what failed with the lives of its tasks,
 * then the table of promises. What there is no room for is left out, and that is said.
 *
 * @param room bytes that it may take.
 */
export function suiteMarkdown(report: RunReport, room = SUMMARY_LIMIT): string {
  const result = suiteResult(report);
  const head = [
    `## ${markOf(result.outcome, PLAIN)} ${result.outcome.toUpperCase()}: ${sum(result)}`,
  ];
  if (result.gaps) head.push("", ...result.gaps.map((gap) => item(short(gap))));
  const end = closing(result);
  const open = room - sizeOf(head) - sizeOf(end);
  // Whatever failed, and however much: the table has its half.
  const failures = fitted(failuresOf(result), open / 2, leftOut("failure"));
  const used = failures.reduce((size, section) => size + sizeOf(section), 0);
  const tables = fitted(tablesOf(result), open - used, leftOut("table"));
  return `${blocks(head, ...failures, ...tables, end).join("\n")}\n`;
}

const leftOut = (what: string) => (left: number) =>
  `**${counted(left, what)} left out: there is room for no more than 1 MiB. The JSON of the run and its report have all.**`;

/** `Of 9 experiments 8 held, 1 broke its promise. Of 12 other tests 12 passed`. */
function sum({ specs, tests }: SuiteResult): string {
  const ended = (["held", "broken", "inconclusive", "setup", "not-applicable"] as const).flatMap(
    (outcome) => some(specs, outcome).map((count) => didInWords(outcome, count)),
  );
  const others = (["passed", "failed", "skipped"] as const).flatMap((outcome) =>
    some(tests, outcome).map((count) => `${count} ${outcome}`),
  );
  const parts = [
    ...(ended.length > 0 ? [`Of ${counted(specs.length, "experiment")} ${ended.join(", ")}`] : []),
    ...(others.length > 0 ? [`Of ${testsOf({ specs, tests })} ${others.join(", ")}`] : []),
  ];
  return parts.join(". ");
}

/** `12 other tests`: other than the experiments, where there are any. */
function testsOf({ specs, tests }: Pick<SuiteResult, "specs" | "tests">): string {
  return counted(tests.length, specs.length > 0 ? "other test" : "test");
}

/** How many there are of an outcome; nothing where there is none. */
function some<Outcome>(all: readonly { outcome: Outcome }[], wanted: Outcome): number[] {
  const count = all.filter(({ outcome }) => outcome === wanted).length;
  return count === 0 ? [] : [count];
}

/** The broken before the doubtful. */
function failuresOf({ specs, tests }: SuiteResult): string[][] {
  const told = (outcome: SuiteSpec["outcome"]) =>
    specs.filter((spec) => spec.outcome === outcome).map(specSection);
  const failed = tests.filter(({ outcome }) => outcome === "failed").map(testSection);
  return [...told("setup"), ...told("broken"), ...failed, ...told("inconclusive")];
}

function specSection(spec: SuiteSpec): string[] {
  const { outcome, broker } = spec;
  const title = `${titleOf(spec)} · RabbitMQ ${broker.version}`;
  const [sentence, ...evidence] = toldOf(spec);
  return section(`${markOf(outcome, PLAIN)} ${title}`, sentence, evidence);
}

function testSection({ file, name, failure }: PlainTest): string[] {
  const title = [file, name].filter(Boolean).join(" > ");
  return section(`${markOf("broken", PLAIN)} ${title}`, "", evidenceOf(failure));
}

function section(title: string, sentence: string, evidence: readonly string[]): string[] {
  const lines = withoutMiddle(evidence, MOST_LINES).map((line) => html(short(line)));
  return blocks(
    [`### ${text(short(title))}`],
    ...(sentence === "" ? [] : [[text(short(sentence))]]),
    ...(lines.length > 0 ? [[`<pre>${lines.join("\n")}</pre>`]] : []),
  );
}

function short(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

function tablesOf({ specs, tests }: SuiteResult): string[][] {
  const versions = versionsOf(specs);
  return [
    ...(specs.length > 0 ? [[LEGEND]] : []),
    ...familiesOf(specs).map((family) => familyTable(family, versions)),
    ...(specs.length > 0 ? [folded("What the words of an account mean", wordTable())] : []),
    ...(tests.length > 0 ? [folded(testsOf({ specs, tests }), fileTable(tests))] : []),
  ];
}

function fileTable(tests: readonly PlainTest[]): string[] {
  const files = [...Map.groupBy(tests, ({ file, name }) => file || name)];
  return [
    "| File | Passed | Failed | Skipped |",
    "|---|--:|--:|--:|",
    ...files.map(([file, members]) => {
      const counts = (["passed", "failed", "skipped"] as const).map((outcome) =>
        String(some(members, outcome)[0] ?? ""),
      );
      return row(text(file), ...counts);
    }),
  ];
}

function closing({ specs, time, shard }: SuiteResult): string[] {
  const brokers = new Set(
    specs.map(({ broker }) => `RabbitMQ ${broker.version} (${broker.image})`),
  );
  return [
    text(
      short([...brokers, ...(shard ? [shardInWords(shard)] : []), seconds(time.wall)].join(" · ")),
    ),
  ];
}
