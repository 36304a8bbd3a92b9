import { ACCOUNT_LINES } from "../ledger/account.ts";
import type { Account, Fate, Verdict } from "../ledger/verdict.ts";
import type { AuditResult } from "../report/audit-result.ts";
import { Inconclusive } from "../scenario/inconclusive.ts";
import { livesOf } from "../scenario/lives.ts";
import type { Rig } from "../scenario/rig.ts";

/** Of a run: its account, and as far as it is there, what is behind it. */
export interface Evidence {
  account: Account;
  /** Undefined where there is an account alone. */
  verdict?: Verdict;
  /** What happened to the tasks of some fates; nothing where nobody has the history. */
  lives(fates: readonly Fate[]): string[];
}

export function isRig(value: unknown): value is Rig {
  return isRecord(value) && typeof value.conclude === "function" && "history" in value;
}

export function isAuditResult(value: unknown): value is AuditResult {
  return isRecord(value) && Array.isArray(value.trials) && Array.isArray(value.selfChecks);
}

export function isVerdict(value: unknown): value is Verdict {
  return isRecord(value) && isRecord(value.account) && isRecord(value.fates);
}

/** @throws {Inconclusive} where its run proves nothing, either way. */
export function evidenceOf(value: Verdict | Account): Evidence {
  if (!isVerdict(value)) return { account: value, lives: () => [] };
  if (value.outcome === "inconclusive") throw new Inconclusive(value.reasons);
  return { account: value.account, verdict: value, lives: () => [] };
}

/** Lets everything run to its end, and judges. @throws {Inconclusive} as above. */
export async function evidenceFrom(rig: Rig): Promise<Evidence> {
  const evidence = evidenceOf(await rig.conclude());
  return { ...evidence, lives: (fates) => livesOf(rig, fates) };
}

/** @throws {TypeError} where a value is no account: a line that nobody knows would be no claim. */
export function requireAccount(value: unknown, what: string): asserts value is Account {
  const known: readonly string[] = ACCOUNT_LINES;
  if (!isRecord(value)) throw new TypeError(`${what}, not ${String(value)}.`);
  const stranger = Object.keys(value).find((line) => !known.includes(line));
  if (stranger === undefined) return;
  throw new TypeError(`${what}: "${stranger}" is no line of an account. (${known.join(", ")})`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
