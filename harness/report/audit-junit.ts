import { isHabit } from "../ledger/convictions.ts";
import { accountInWords } from "./account-words.ts";
import type { AuditConviction, AuditResult, TrialResult } from "./audit-result.ts";
import { shownFirst } from "./audit-shown.ts";
import { adversityOf, checkInWords, placeOf, shellWords, shortLife } from "./audit-words.ts";
import { type Element, xmlDocument } from "./audit-xml.ts";

type Ending = "failure" | "error" | "skipped";

interface Case {
  name: string;
  className: string;
  milliseconds: number;
  ending?: Element & { name: Ending };
  /** What else is to be known, a line each. */
  notes?: string[];
}

/**
 * The result as JUnit's XML: a test case for each trial, and one for the audit itself, so that an
 * audit which proves nothing is no green suite. A failure is a conviction that is not allowed, an
 * error is a doubt, and what did not apply is skipped.
 */
export function auditJunit(result: AuditResult): string {
  const cases = [...result.trials.map((trial) => trialCase(trial, result)), itself(result)];
  const count = (name: Ending) => cases.filter(({ ending }) => ending?.name === name).length;
  const totals = {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: inSeconds(result.milliseconds),
  };
  const name = `ackproof audit -- ${shellWords(result.command)}`;
  const suite: Element = {
    name: "testsuite",
    attributes: { name, ...totals },
    content: [properties(result), ...cases.map(elementOf)],
  };
  const attributes = { name: "ackproof", ...totals };
  return xmlDocument({ name: "testsuites", attributes, content: [suite] });
}

function trialCase(trial: TrialResult, { convictions }: AuditResult): Case {
  const own = convictions.filter(
    ({ kind, allowed, trials }) => !allowed && !isHabit(kind) && trials.includes(trial.name),
  );
  const className = `ackproof.${adversityOf(trial) ?? "control"}`;
  const about = { name: trial.name, className };
  const ending = endingOf(trial, own);
  return { ...about, milliseconds: trial.milliseconds, ...(ending ? { ending } : {}) };
}

function endingOf(trial: TrialResult, convictions: AuditConviction[]): Case["ending"] {
  const { outcome, reasons, account } = trial;
  const why = reasons.map(shownFirst).join(" ");
  if (outcome === "not-applicable") return { name: "skipped", attributes: { message: why } };
  if (outcome === "inconclusive") return end("error", "inconclusive", why, linesOf(reasons));
  const [gravest] = convictions;
  if (gravest) {
    const told = convictions.flatMap((conviction) => evidence(conviction, trial));
    return end("failure", gravest.kind, sentenceIn(gravest, trial), [
      accountInWords(account),
      ...told,
    ]);
  }
  return undefined;
}

/** What belongs to no trial: doubts, habits, and what was found by looking at all of them. */
function itself(result: AuditResult): Case {
  const { outcome, headline, convictions, doubts, trials, selfChecks, notes } = result;
  const about = { name: "the audit itself", className: "ackproof.audit", milliseconds: 0, notes };
  const checks = selfChecks.map(checkInWords);
  if (outcome === "inconclusive") {
    return {
      ...about,
      ending: end("error", "inconclusive", headline, linesOf([...doubts, ...checks])),
    };
  }
  const names = new Set(trials.map(({ name }) => name));
  const isShown = ({ kind, trials: by }: AuditConviction) =>
    !isHabit(kind) && by.some((name) => names.has(name));
  const counting = convictions.filter(({ allowed }) => !allowed);
  const others = counting.filter((conviction) => !isShown(conviction));
  if (others.length === 0 && (outcome === "held" || counting.length > 0)) return about;
  const told = others.flatMap(({ sentence, life }) => [sentence, ...shortLife(life)]);
  return { ...about, ending: end("failure", others[0]?.kind ?? outcome, headline, told) };
}

function evidence(conviction: AuditConviction, trial: TrialResult): string[] {
  const { trials, life, tasks } = conviction;
  // The life is that of a task of the first trial which shows it.
  const told = trials[0] === trial.name && life.length > 0;
  return [
    "",
    sentenceIn(conviction, trial),
    ...(told ? [`${tasks[0] ?? "a task"}:`, ...shortLife(life).map((line) => `  ${line}`)] : []),
  ];
}

/** In the words of this trial, where it has some. */
function sentenceIn({ kind, sentence }: AuditConviction, { convictions }: TrialResult): string {
  return convictions.find((conviction) => conviction.kind === kind)?.sentence ?? sentence;
}

function properties(result: AuditResult): Element {
  const { headline, seed, rerun, run } = result;
  const all = { headline, broker: placeOf(result), seed, run, rerun };
  return {
    name: "properties",
    attributes: {},
    content: Object.entries(all).map(([name, value]) => ({
      name: "property",
      attributes: { name, value },
    })),
  };
}

function end(name: Ending, type: string, message: string, content: string[]): Case["ending"] & {} {
  return { name, attributes: { type, message }, content };
}

function linesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split("\n"));
}

function elementOf({ name, className, milliseconds, ending, notes = [] }: Case): Element {
  const attributes = { classname: className, name, time: inSeconds(milliseconds) };
  const out = notes.length > 0 ? [{ name: "system-out", attributes: {}, content: notes }] : [];
  return { name: "testcase", attributes, content: [...(ending ? [ending] : []), ...out] };
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
