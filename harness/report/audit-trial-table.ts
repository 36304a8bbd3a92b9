import type { TrialResult } from "./audit-result.ts";
import { shown } from "./audit-shown.ts";
import { answerOf, madeOf } from "./audit-words.ts";
import { markOf } from "./outcome.ts";
import { type Paper, pad, pageWidth, widthOf, wrap } from "./text.ts";

const GAP = "  ";
const MARK = 2;
const WORKERS = "workers";
/** Of the page, at most, for names: the answers need the rest. */
const NAMES_SHARE = 0.4;

/** A row for each trial that was made, and a line for those that did not apply. */
export function trialTable(trials: readonly TrialResult[], paper: Paper): string[] {
  const made = madeOf(trials);
  const most = Math.floor(pageWidth(paper) * NAMES_SHARE);
  const names = Math.min(most, Math.max(6, ...made.map(({ name }) => widthOf(shown(name)))));
  const head = `${pad("trials", MARK + names)}${GAP}${WORKERS}${GAP}account`;
  return [
    ...(made.length > 0 ? [paper.paint("bold", head)] : []),
    ...made.flatMap((trial) => row(trial, names, paper)),
    ...notApplicable(trials, paper),
  ];
}

function row(trial: TrialResult, names: number, paper: Paper): string[] {
  const left = MARK + names + GAP.length + WORKERS.length + GAP.length;
  const name = wrap(shown(trial.name), names);
  const answer = wrap(answerOf(trial), widthOfLines(paper) - left);
  return Array.from({ length: Math.max(name.length, answer.length) }, (_, line) => {
    const mark = line === 0 ? `${markOf(trial.outcome, paper)} ` : "  ";
    const workers = line === 0 ? String(trial.workers).padStart(WORKERS.length) : "";
    const cells = [pad(name[line] ?? "", names), pad(workers, WORKERS.length), answer[line] ?? ""];
    return (mark + cells.join(GAP)).trimEnd();
  });
}

/** Those that had nothing to show, by what they say of it. */
function notApplicable(trials: readonly TrialResult[], paper: Paper): string[] {
  const byReason = new Map<string, string[]>();
  for (const { outcome, name, reasons } of trials) {
    if (outcome !== "not-applicable") continue;
    const reason = shown(reasons.join(" "));
    byReason.set(reason, [...(byReason.get(reason) ?? []), shown(name)]);
  }
  return [...byReason].flatMap(([reason, names]) => {
    const text = `not applicable: ${names.join("; ")}${reason && `: ${reason}`}`;
    const lines = wrap(text, widthOfLines(paper) - MARK);
    const mark = markOf("not-applicable", paper);
    return lines.map((line, at) => `${at === 0 ? mark : " "} ${paper.paint("dim", line)}`);
  });
}

/** Where lines end: on a terminal where its page does, elsewhere nowhere. */
export function widthOfLines(paper: Paper): number {
  return Number.isFinite(paper.columns) ? pageWidth(paper) : Number.POSITIVE_INFINITY;
}
