import { type ConvictionKind, isHabit } from "../ledger/convictions.ts";
import { gist } from "../ledger/gist.ts";
import { accountInShort } from "./account-words.ts";
import { gravestFirst } from "./audit-gravity.ts";
import type { AuditConviction, AuditResult, SelfCheck, TrialResult } from "./audit-result.ts";
import { shown, shownFirst } from "./audit-shown.ts";
import { counted } from "./document-markdown.ts";

/** Trials that a conviction names before it counts the rest. */
const MOST_NAMED = 3;

/** What an account means where nobody saw the work. */
export const UNSEEN_EFFECTS = 'not observed: "completed" is what was acked, done or not';

/** A command as one types it into a shell. */
export function shellWords(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/** `in 5 trials: a; b; c and 2 more`. */
export function trialsInWords(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).map(shown).join("; ");
  const rest = names.length - MOST_NAMED;
  if (names.length < 2) return `in ${named || "the whole audit"}`;
  return `in ${names.length} trials: ${named}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** What is told of a conviction. Its numbers are those of one trial, where several show it. */
export function sentenceOf({
  sentence,
  trials,
}: Pick<AuditConviction, "sentence" | "trials">): string {
  return trials.length > 1 ? `In the first: ${sentence}` : sentence;
}

/** How many there were, where one that did not apply is none: `23 trials, 3 more not applicable`. */
export function countInWords(trials: readonly Pick<TrialResult, "outcome">[]): string {
  const made = madeOf(trials).length;
  const rest = trials.length - made;
  return `${counted(made, "trial")}${rest > 0 ? `, ${rest} more not applicable` : ""}`;
}

/** The trials that were made: one that did not apply is none. */
export function madeOf<T extends Pick<TrialResult, "outcome">>(trials: readonly T[]): T[] {
  return trials.filter(({ outcome }) => outcome !== "not-applicable");
}

/** What became of a trial, in short: its account, what it is convicted of, or why it proves nothing. */
export function answerOf(trial: TrialResult): string {
  const reasons = trial.reasons.map(shownFirst).join(" ");
  if (trial.outcome === "not-applicable") return reasons;
  if (trial.outcome === "inconclusive") return reasons || accountInShort(trial.account);
  const kinds = kindsOf(trial);
  return [accountInShort(trial.account), ...(kinds.length > 0 ? [kinds.join(", ")] : [])].join(
    " · ",
  );
}

/**
 * What a trial is convicted of, the gravest first, but for what its account says already, and for
 * habits, which the audit tells once.
 */
export function kindsOf({ account, convictions }: TrialResult): ConvictionKind[] {
  const told: readonly string[] = Object.keys(account);
  const kinds = gravestFirst(convictions).map(({ kind }) => kind);
  return [...new Set(kinds)].filter((kind) => !told.includes(kind) && !isHabit(kind));
}

/** What was done to the worker, by its name: `worker-kill`; undefined where nothing was. */
export function adversityOf({
  fault,
  adversity,
}: Pick<TrialResult, "fault" | "adversity">): string | undefined {
  return fault === "none" ? adversity : fault;
}

/** `2 workers`. */
export function crewOf({ workers }: Pick<TrialResult, "workers">): string {
  return counted(workers, "worker");
}

/** `on RabbitMQ 4.3.6 (rabbitmq:4.3)`. */
export function placeOf({ broker }: AuditResult): string {
  const which = broker.image ?? broker.url;
  return shown(`RabbitMQ ${broker.version}${which === undefined ? "" : ` (${which})`}`);
}

/** Whether the audit saw what it planted itself: `planted loss seen`. */
export function checkInWords({ planted, outcome, sentence }: SelfCheck): string {
  if (outcome === "seen") return `planted ${planted} seen`;
  const why = shown(sentence.replace(/\.$/, ""));
  return `planted ${planted} ${outcome === "missed" ? "not seen" : "not possible"} (${why})`;
}

/** A life without the margin that all its lines share, and by its gist where it is long. */
export function shortLife(life: readonly string[], most = Number.POSITIVE_INFINITY): string[] {
  const margin = Math.min(...life.map((line) => line.search(/\S|$/)));
  return gist(
    life.map((line) => shown(line.slice(margin))),
    most,
  );
}
