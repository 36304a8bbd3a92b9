import { happenedAt } from "./audit-life.ts";
import type { AuditConviction, AuditResult, TrialResult } from "./audit-result.ts";
import {
  answerOf,
  checkInWords,
  countInWords,
  placeOf,
  sentenceOf,
  trialsInWords,
  UNSEEN_EFFECTS,
} from "./audit-words.ts";
import { blocks, counted } from "./document-markdown.ts";
import { fitted, SUMMARY_LIMIT, sizeOf } from "./markdown-fit.ts";
import { code, folded, html, item, row, text } from "./markdown-text.ts";
import { markOf } from "./outcome.ts";
import { PLAIN, seconds } from "./text.ts";

const LONGEST_HEADLINE = 2_000;

/**
 * The result for GitHub's job summary: the verdict and a table of convictions; lives, trials and
 * settings are folded away. Text by others is text there, whatever it looks like. What there is no
 * room for is left out, and that is said.
 *
 * @param room bytes that it may take.
 */
export function auditMarkdown(result: AuditResult, room = SUMMARY_LIMIT): string {
  const { outcome, headline, convictions, trials, doubts, notes } = result;
  const counting = convictions.filter(({ allowed }) => !allowed);
  const allowed = convictions.filter((conviction) => conviction.allowed);
  const lived = convictions.filter(({ life }) => life.length > 0);
  const verdict = `${outcome.toUpperCase()}: ${headline.slice(0, LONGEST_HEADLINE)}`;
  const head = [`## ${markOf(outcome, PLAIN)} ${text(verdict)}`];
  const parts = [
    ...(counting.length > 0 ? [convictionTable("Conviction", counting)] : []),
    ...(allowed.length > 0 ? [convictionTable("Allowed", allowed)] : []),
    ...(doubts.length > 0 ? [doubts.map(item)] : []),
    ...(notes.length > 0 ? [notes.map(item)] : []),
    ...(lived.length > 0
      ? [folded("What happened to the tasks", blocks(...lived.map(lifeBlock)))]
      : []),
    ...(trials.length > 0 ? [folded(countInWords(trials), trialTable(trials))] : []),
    ...closing(result),
  ];
  const told = fitted(parts, room - sizeOf(head), leftOut);
  return `${blocks(head, ...told).join("\n")}\n`;
}

function convictionTable(head: string, convictions: readonly AuditConviction[]): string[] {
  return [
    `| ${head} | What happened, and what to change | Where |`,
    "|---|---|---|",
    ...convictions.map((one) =>
      row(`**${one.kind}**`, text(sentenceOf(one)), text(trialsInWords(one.trials))),
    ),
  ];
}

function trialTable(trials: readonly TrialResult[]): string[] {
  return [
    "| | Trial | Workers | What became of the tasks | Time |",
    "|---|---|--:|---|--:|",
    ...trials.map((trial) => {
      const { outcome, name, workers, milliseconds } = trial;
      const cells = [text(name), String(workers), text(answerOf(trial)), seconds(milliseconds)];
      return row(markOf(outcome, PLAIN), ...cells);
    }),
  ];
}

function lifeBlock(conviction: AuditConviction): string[] {
  const lines = happenedAt(conviction, PLAIN.columns).map(html);
  return [`**${conviction.kind}**`, "", `<pre>${lines.join("\n")}</pre>`];
}

function leftOut(left: number): string {
  return `**${counted(left, "part")} left out: there is room for no more than 1 MiB. The JSON of the audit and its report have all.**`;
}

function closing(result: AuditResult): string[][] {
  const { selfChecks, observed, seed, milliseconds, run, rerun } = result;
  const facts = [placeOf(result), `seed ${seed}`, seconds(milliseconds)];
  const effects = observed.effects ? [] : [`effects ${UNSEEN_EFFECTS}`];
  const checks = selfChecks.length > 0 ? [selfChecks.map(checkInWords).join("; ")] : [];
  return [
    [text([...facts, ...effects, ...checks].join(" · "))],
    [`History: ${code(run)}<br>`, `Again: ${code(rerun)}`],
  ];
}
