import type { FaultName } from "../history/event.ts";
import { type Account, type AccountLine, difference, type Fates } from "./account.ts";
import type { Availability } from "./availability.ts";
import type { Conviction, ConvictionKind } from "./convictions.ts";
import type { Fate } from "./fates.ts";
import { tasksNamed } from "./words.ts";

export type { Account } from "./account.ts";
export type { Availability } from "./availability.ts";
export type { Conviction, ConvictionKind } from "./convictions.ts";
export type { Fate } from "./fates.ts";

export type Outcome = "held" | "broken" | "inconclusive";

/** What an experiment declares beforehand. */
export interface Expectation {
  /** The whole account: a line that is absent is expected to be zero. */
  account?: Account;
  /** The fault that must have landed, or that none was injected. */
  fault?: FaultName | "none";
  /**
   * `all` is the standard of an audit. Its subjects are workers, which live until they are told to
   * end: how they live is judged as well ("crashed on", "not consuming", "drain failed", "poison
   * loop", and publishes without mandatory), and every conviction breaks.
   */
  convictions?: "all";
  /** Convictions that are told, and don't break. */
  allow?: readonly ConvictionKind[];
  /** How often a task that nobody can do may be delivered. Left out, nobody is convicted of more. */
  deliveries?: number;
  /** `allow`: a supervisor starts a worker again that exits by itself. */
  exits?: "allow";
  /** Nobody sees effects: deliveries are accounted, and no more is claimed. */
  effects?: "unobserved";
}

/** What a history proves. Plain data: it survives JSON as it is. */
export interface Verdict {
  outcome: Outcome;
  /** Why it is broken or inconclusive, one sentence each; empty if it held. */
  reasons: string[];
  account: Account;
  fates: Fates;
  convictions: Conviction[];
  /** Witnesses that cannot all be right. */
  contradictions: string[];
  /** Why the run would prove nothing, whatever its account. */
  vacuity: string[];
  /** Present where nobody saw effects: deliveries are accounted, effects are not. */
  effects?: "unobserved";
  /** How long confirms and deliveries stayed away. Measured: it differs from run to run. */
  availability: Availability;
}

/** What judging needs to know. */
export type Findings = Omit<Verdict, "outcome" | "reasons">;

/** A verdict on an experiment without a declared account breaks on these. */
const BREAKING: ReadonlySet<Conviction["kind"]> = new Set([
  "lost",
  "duplicated",
  "remaining",
  "unexpected",
  "at risk",
]);

const WORST_FIRST: readonly Outcome[] = ["broken", "inconclusive", "held"];

/** The worst of some outcomes; `held` of none. */
export function worst(outcomes: Iterable<Outcome>): Outcome {
  const seen = new Set(outcomes);
  return WORST_FIRST.find((outcome) => seen.has(outcome)) ?? "held";
}

/** An invalid experiment is no finding: doubt about it comes before what it seems to show. */
export function decide(findings: Findings, expectation: Expectation): Verdict {
  const doubts = [...findings.contradictions, ...findings.vacuity];
  if (doubts.length > 0) return { outcome: "inconclusive", reasons: doubts, ...findings };
  const breaks = breaksOf(findings, expectation);
  return { outcome: breaks.length > 0 ? "broken" : "held", reasons: breaks, ...findings };
}

function breaksOf(findings: Findings, expectation: Expectation): string[] {
  const { account: expected, convictions: standard, allow = [] } = expectation;
  if (expected === undefined) {
    return findings.convictions
      .filter(({ kind }) => (standard === "all" || BREAKING.has(kind)) && !allow.includes(kind))
      .map(({ sentence }) => sentence);
  }
  const { account, fates } = findings;
  return difference(expected, account).map((line) => {
    const ids = line in fates ? fates[line as Fate] : [];
    const which = ids.length === 0 ? "" : `: ${tasksNamed(ids)}`;
    return `Expected ${amount(expected, line)} ${line}, found ${amount(account, line)}${which}.`;
  });
}

function amount(account: Account, line: AccountLine): number {
  return account[line] ?? 0;
}
