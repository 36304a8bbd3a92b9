import { happenedAt } from "./audit-life.ts";
import type { AuditConviction, AuditResult, TrialResult } from "./audit-result.ts";
import { shown } from "./audit-shown.ts";
import { answerOf, checkInWords, placeOf, trialsInWords, UNSEEN_EFFECTS } from "./audit-words.ts";
import { blocks, counted } from "./document-markdown.ts";
import { markOf } from "./outcome.ts";
import { type Paper, seconds } from "./text.ts";

const PLAIN: Paper = { columns: Number.POSITIVE_INFINITY, paint: (_style, text) => text };

/**
 * The result for GitHub's job summary: the verdict and a table of convictions; lives, trials and
 * settings are folded away. Text by others is text there, whatever it looks like.
 */
export function auditMarkdown(result: AuditResult): string {
  const { outcome, headline, convictions, trials, doubts, notes } = result;
  const counting = convictions.filter(({ allowed }) => !allowed);
  const allowed = convictions.filter((conviction) => conviction.allowed);
  const told = convictions.filter(({ life }) => life.length > 0);
  return `${blocks(
    [`## ${markOf(outcome, PLAIN)} ${outcome.toUpperCase()}: ${text(headline)}`],
    ...(counting.length > 0 ? [convictionTable("Conviction", counting)] : []),
    ...(allowed.length > 0 ? [convictionTable("Allowed", allowed)] : []),
    ...(doubts.length > 0 ? [doubts.map(item)] : []),
    ...(notes.length > 0 ? [notes.map(item)] : []),
    ...(told.length > 0
      ? [folded("What happened to the tasks", blocks(...told.map(lifeBlock)))]
      : []),
    ...(trials.length > 0 ? [folded(counted(trials.length, "trial"), trialTable(trials))] : []),
    closing(result),
  ).join("\n")}\n`;
}

function convictionTable(head: string, convictions: readonly AuditConviction[]): string[] {
  return [
    `| ${head} | What happened, and what to change | Where |`,
    "|---|---|---|",
    ...convictions.map(({ kind, sentence, trials }) =>
      row(`**${kind}**`, text(sentence), text(trialsInWords(trials))),
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

function closing(result: AuditResult): string[] {
  const { selfChecks, observed, seed, milliseconds, run, rerun } = result;
  const facts = [placeOf(result), `seed ${seed}`, seconds(milliseconds)];
  const effects = observed.effects ? [] : [`effects ${UNSEEN_EFFECTS}`];
  const checks = selfChecks.length > 0 ? [selfChecks.map(checkInWords).join("; ")] : [];
  return blocks(
    [text([...facts, ...effects, ...checks].join(" · "))],
    [`History: ${code(run)}<br>`, `Again: ${code(rerun)}`],
  );
}

/** Empty lines around what is folded: without them it would be read as HTML. */
function folded(summary: string, content: string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...content, "", "</details>"];
}

function row(...cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/**
 * Text on one line, with everything that could mark it as something else as an entity: an entity
 * never begins emphasis, code, a link, a tag, a formula or another cell.
 */
function text(raw: string): string {
  return entities(shown(raw), /[&<>|`*_~[\]\\#$!]/g).replace(/(?<=\w)&#95;(?=\w)/g, "_");
}

/** Lines of its own stay lines. */
function item(raw: string): string {
  return `- ${raw.split("\n").map(text).join("<br>")}`;
}

function code(raw: string): string {
  return `<code>${text(raw)}</code>`;
}

function html(raw: string): string {
  return entities(shown(raw), /[&<>]/g);
}

function entities(raw: string, marks: RegExp): string {
  return raw.replace(marks, (mark) => `&#${mark.charCodeAt(0)};`);
}
