import { ACCOUNT_LINES, type Account } from "../../../ledger/account.ts";
import type { Conviction } from "../../../ledger/convictions.ts";
import type { Verdict } from "../../../ledger/verdict.ts";
import type { Shade } from "../data.ts";

/** Values of a file that anybody may have written, each as what it should be, or not at all. */
type Plain = Record<string, unknown>;

const SHADES: readonly unknown[] = [
  "held",
  "broken",
  "inconclusive",
  "setup",
  "not-applicable",
  "unfinished",
] satisfies Shade[];

export function recordIn(value: unknown): Plain {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Plain) : {};
}

export function recordsIn(value: unknown): Plain[] {
  return Array.isArray(value) ? value.map(recordIn) : [];
}

export function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function shadeIn(value: unknown): Shade | undefined {
  return SHADES.includes(value) ? (value as Shade) : undefined;
}

export function accountIn(value: unknown): Account {
  const counts = recordIn(value);
  const account: Account = {};
  for (const line of ACCOUNT_LINES) {
    const count = numberIn(counts[line]);
    if (count !== undefined) account[line] = count;
  }
  return account;
}

export function convictionsIn(value: unknown): Conviction[] {
  return recordsIn(value).flatMap(({ kind, sentence, tasks }) => {
    if (typeof kind !== "string" || typeof sentence !== "string") return [];
    return { kind: kind as Conviction["kind"], sentence, tasks: textsIn(tasks) };
  });
}

/** What of a verdict a report needs. */
export type Judged = Pick<Verdict, "reasons" | "account" | "convictions"> & {
  outcome: Shade;
  fates: Partial<Verdict["fates"]>;
};

/** Undefined of what is no verdict. */
export function verdictIn(value: unknown): Judged | undefined {
  const { outcome, reasons, account, fates, convictions } = recordIn(value);
  const shade = shadeIn(outcome);
  if (shade === undefined || typeof account !== "object" || typeof fates !== "object")
    return undefined;
  const groups = Object.entries(recordIn(fates)).map(([fate, tasks]) => [fate, textsIn(tasks)]);
  return {
    outcome: shade,
    reasons: textsIn(reasons),
    account: accountIn(account),
    fates: Object.fromEntries(groups),
    convictions: convictionsIn(convictions),
  };
}
