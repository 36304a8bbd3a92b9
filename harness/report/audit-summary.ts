import { happenedAt } from "./audit-life.ts";
import type { AuditConviction, AuditResult } from "./audit-result.ts";
import { shown, shownLines } from "./audit-shown.ts";
import { trialTable, widthOfLines } from "./audit-trial-table.ts";
import { checkInWords, placeOf, sentenceOf, trialsInWords, UNSEEN_EFFECTS } from "./audit-words.ts";
import { paintOutcome } from "./outcome.ts";
import { type Paper, seconds, wrap, wrapWithMargin } from "./text.ts";

/**
 * What an audit found, to be read in ten seconds: the verdict, then each conviction with the life
 * of its first task, the gravest first, then the trials, and how to run it again.
 *
 * @param report the line that says where its page is, if there is one.
 */
export function auditSummary(
  result: AuditResult,
  paper: Paper,
  report: readonly string[] = [],
): string {
  const counting = result.convictions.filter(({ allowed }) => !allowed);
  const told = new Set<string>();
  return [
    [heading(result, paper)],
    ...counting.map((conviction) => convictionLines(conviction, told, paper)),
    trialTable(result.trials, paper),
    remarks(result, paper),
    whereabouts(result, paper, report),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function heading({ outcome, headline }: AuditResult, paper: Paper): string {
  const text = `${outcome.toUpperCase()}: ${shown(headline)}`;
  return wrap(text, widthOfLines(paper))
    .map((line) => paintOutcome(outcome, line, paper))
    .join("\n");
}

/** @param told lives that stand on the page already: one that convicts twice is told once. */
function convictionLines(conviction: AuditConviction, told: Set<string>, paper: Paper): string[] {
  const { kind, trials, life } = conviction;
  const width = widthOfLines(paper);
  const [first = "", ...rest] = wrap(`${kind}, ${trialsInWords(trials)}`, width - 2);
  const key = life.join("\n");
  const isNew = life.length > 0 && !told.has(key);
  told.add(key);
  return [
    `${paintOutcome("broken", `✗ ${kind}`, paper)}${first.slice(kind.length)}`,
    ...rest.map((line) => `  ${line}`),
    ...wrap(shown(sentenceOf(conviction)), width - 2).map((line) => `  ${line}`),
    ...(isNew ? happenedAt(conviction, width).map((line) => paper.paint("dim", line)) : []),
  ];
}

/** What else a reader must know: what is accepted, what is doubtful, what the audit could see. */
function remarks(result: AuditResult, paper: Paper): string[] {
  const { convictions, selfChecks, observed, notes } = result;
  const allowed = convictions
    .filter((conviction) => conviction.allowed)
    .map((one) => `${one.kind}, ${trialsInWords(one.trials)}. ${sentenceOf(one)}`);
  const checks = selfChecks.map(checkInWords);
  return [
    ...allowed.flatMap((text) => labelled("allowed", text, paper)),
    ...(observed.effects ? [] : labelled("effects", UNSEEN_EFFECTS, paper)),
    ...doubtsBesides(result).flatMap((text) => labelled("doubt", text, paper)),
    ...notes.flatMap((text) => labelled("note", text, paper)),
    ...(checks.length > 0 ? labelled("self-check", checks.join("; "), paper) : []),
  ];
}

/** The table of trials tells those of a trial, but not what was printed there. */
function doubtsBesides({ doubts, trials }: AuditResult): string[] {
  const told = trials.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`));
  return doubts.filter((doubt) => doubt.includes("\n") || !told.includes(doubt));
}

function whereabouts(result: AuditResult, paper: Paper, report: readonly string[]): string[] {
  const { seed, milliseconds, run, rerun } = result;
  return [
    paper.paint("dim", `${placeOf(result)}, seed ${seed}, ${seconds(milliseconds)}`),
    `History: ${shown(run)}`,
    ...report.map(shown),
    `Again: ${shown(rerun)}`,
  ];
}

const LABEL = 12;

function labelled(label: string, text: string, paper: Paper): string[] {
  const lines = shownLines(text).flatMap((line) =>
    wrapWithMargin(line, widthOfLines(paper) - LABEL),
  );
  return lines.map((line, at) => (at === 0 ? label : "").padEnd(LABEL) + line);
}
