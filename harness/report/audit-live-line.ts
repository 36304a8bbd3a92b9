import { type ConvictionKind, isHabit } from "../ledger/convictions.ts";
import { accountInWords } from "./account-words.ts";
import { gravestFirst } from "./audit-gravity.ts";
import type { TrialResult } from "./audit-result.ts";
import { shown, shownFirst, shownLines } from "./audit-shown.ts";
import { crewOf, kindsOf } from "./audit-words.ts";
import { markOf } from "./outcome.ts";
import { type Paper, seconds, wrap, wrapWithMargin } from "./text.ts";

const HANG = 2;

/**
 * A trial that has ended: its mark and name, the account, what it is convicted of, or why it proves
 * nothing. One line, unless a terminal is too narrow for it: there the name has a line of its own.
 * What somebody printed who is the reason stands under it.
 */
export function liveLine(trial: TrialResult, paper: Paper): string {
  const mark = `${markOf(trial.outcome, paper)} `;
  const title = `${shown(trial.name)} · ${crewOf(trial)}`;
  const ending = endingOf(trial).join(" · ");
  const width = paper.columns - HANG;
  const line = wrap(`${title} · ${ending}`, width);
  const told = trial.outcome === "inconclusive" ? trial.reasons : [];
  const printed = told.flatMap((reason) => shownLines(reason).slice(1));
  const hanging = (text: string) =>
    wrapWithMargin(text, width).map((part) => " ".repeat(HANG) + part);
  const below = printed.flatMap(hanging).map((part) => paper.paint("dim", part));
  if (line.length === 1) return [mark + line.join(""), ...below].join("\n");
  const [first = "", ...rest] = hanging(title);
  return [
    mark + first.trimStart(),
    ...rest,
    ...hanging(ending).map((part) => paper.paint("dim", part)),
    ...below,
  ].join("\n");
}

/**
 * What a trial has shown of how the worker is set up, and no other had before: it is of all of them.
 *
 * @param before the trials that have ended before it.
 * @param allowed what the settings accept.
 */
export function habitLines(
  { convictions }: TrialResult,
  before: readonly TrialResult[],
  allowed: readonly ConvictionKind[],
  paper: Paper,
): string[] {
  const told = before.flatMap((trial) => trial.convictions.map(({ kind }) => kind));
  const found = gravestFirst(convictions).filter(
    ({ kind }) => isHabit(kind) && !told.includes(kind) && !allowed.includes(kind),
  );
  return [...new Set(found.map(({ kind }) => kind))].map(
    (kind) =>
      `${markOf("broken", paper)} ${kind} · of the whole audit, whatever the trial: told once`,
  );
}

function endingOf(trial: TrialResult): string[] {
  const reasons = trial.reasons.map(shownFirst).join(" ");
  if (trial.outcome === "not-applicable") return [`not applicable: ${reasons}`];
  const kinds = kindsOf(trial).join(", ");
  const why = trial.outcome === "inconclusive" ? reasons : kinds;
  return [accountOf(trial), why, seconds(trial.milliseconds)].filter(Boolean);
}

/** Of a trial that broke off nobody has an account: that is not to say that nothing was published. */
function accountOf({ account, outcome }: TrialResult): string {
  const isUnknown = outcome === "inconclusive" && Object.keys(account).length === 0;
  return isUnknown ? "" : accountInWords(account);
}
