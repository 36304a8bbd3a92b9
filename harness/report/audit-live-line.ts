import { accountInWords } from "./account-words.ts";
import type { TrialResult } from "./audit-result.ts";
import { shown } from "./audit-shown.ts";
import { crewOf, kindsOf } from "./audit-words.ts";
import { markOf } from "./outcome.ts";
import { type Paper, seconds, wrap } from "./text.ts";

const HANG = 2;

/**
 * A trial that has ended: its mark and name, the account, what it is convicted of, or why it proves
 * nothing. One line, unless a terminal is too narrow for it: there the name has a line of its own.
 */
export function liveLine(trial: TrialResult, paper: Paper): string {
  const mark = `${markOf(trial.outcome, paper)} `;
  const title = `${shown(trial.name)} · ${crewOf(trial)}`;
  const ending = endingOf(trial).join(" · ");
  const width = paper.columns - HANG;
  const line = wrap(`${title} · ${ending}`, width);
  if (line.length === 1) return mark + line.join("");
  const hanging = (text: string) => wrap(text, width).map((part) => " ".repeat(HANG) + part);
  const [first = "", ...rest] = hanging(title);
  return [
    mark + first.trimStart(),
    ...rest,
    ...hanging(ending).map((part) => paper.paint("dim", part)),
  ].join("\n");
}

function endingOf(trial: TrialResult): string[] {
  const reasons = shown(trial.reasons.join(" "));
  if (trial.outcome === "not-applicable") return [`not applicable: ${reasons}`];
  const kinds = kindsOf(trial).join(", ");
  const why = trial.outcome === "inconclusive" ? reasons : kinds;
  return [accountInWords(trial.account), why, seconds(trial.milliseconds)].filter(Boolean);
}
