import { type AccountLine, difference } from "../ledger/account.ts";
import type { Account, Fate } from "../ledger/verdict.ts";
import { Inconclusive } from "../scenario/inconclusive.ts";
import type { Evidence } from "./evidence.ts";

/** What a matcher answers. */
export interface Answer {
  pass: boolean;
  message: () => string;
}

/** Was any task lost? */
export function losses({ account, verdict, lives }: Evidence): Answer {
  const { lost = 0, confirmed = 0 } = account;
  if (lost === 0 && verdict?.effects === "unobserved") {
    throw new Inconclusive(["effects were not observed, so nobody can tell that nothing is lost"]);
  }
  return {
    pass: lost === 0,
    message: () =>
      lost === 0
        ? `Expected a task to be lost, and none of ${confirmed} was.`
        : [
            `Expected no task to be lost, and ${lost} of ${confirmed} ${wasOrWere(lost)}${listed(verdict?.fates.lost)}.`,
            ...lives(["lost"]),
          ].join("\n"),
  };
}

/** Is the whole account the expected one? */
export function accountAnswer(evidence: Evidence, expected: Account): Answer {
  const lines = difference(expected, evidence.account);
  const message = () =>
    lines.length === 0
      ? `Expected any account but ${inWords(expected)}.`
      : [
          `Expected the account ${inWords(expected)}, found ${inWords(evidence.account)}:`,
          ...lines.map((line) => differenceIn(line, expected, evidence)),
          ...evidence.lives(lines.filter((line) => isFateIn(line, evidence))),
        ].join("\n");
  return { pass: lines.length === 0, message };
}

/** Did the run hold? */
export function hold({ account, verdict, lives }: Evidence): Answer {
  const reasons = verdict?.reasons ?? [];
  return {
    pass: verdict?.outcome === "held",
    message: () =>
      reasons.length === 0
        ? `Expected a run that does not hold, and this one holds: ${inWords(account)}.`
        : [
            `Expected a run that holds, and this one is ${verdict?.outcome}: ${inWords(account)}.`,
            ...reasons.map((reason) => `  ${reason}`),
            ...lives(BAD),
          ].join("\n"),
  };
}

/** Fates by which a run does not hold. */
const BAD: readonly Fate[] = ["lost", "duplicated", "remaining", "unexpected"];

function differenceIn(line: AccountLine, expected: Account, evidence: Evidence): string {
  const found = evidence.account[line] ?? 0;
  const ids = isFateIn(line, evidence) ? evidence.verdict?.fates[line] : undefined;
  const which = line === "completed" ? "" : listed(ids);
  return `  ${line}: expected ${expected[line] ?? 0}, found ${found}${which}`;
}

/** Of the lines of an account, those that are fates have tasks by their ids. */
function isFateIn(line: AccountLine | Fate, { verdict }: Evidence): line is Fate {
  return verdict !== undefined && line in verdict.fates;
}

/** Ids that a message names before it counts the rest. */
const MOST_NAMED = 10;

/** `: task-3, task-7`, or nothing. */
function listed(ids: readonly string[] = []): string {
  if (ids.length === 0) return "";
  const rest = ids.length - MOST_NAMED;
  return `: ${ids.slice(0, MOST_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** `{ published: 10, confirmed: 10 }` */
function inWords(account: Account): string {
  const lines = Object.entries(account).map(([line, count]) => `${line}: ${count}`);
  return lines.length === 0 ? "{}" : `{ ${lines.join(", ")} }`;
}

export function wasOrWere(count: number): string {
  return count === 1 ? "was" : "were";
}
