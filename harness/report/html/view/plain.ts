import { ACCOUNT_LINES, type Account } from "../../../ledger/account.ts";
import type { Conviction } from "../../../ledger/convictions.ts";
import type { Verdict } from "../../../ledger/verdict.ts";
import type { Shade } from "../data.ts";

/** Values of a file that anybody may have written, each as what it should be, or not at all. */
export type Plain = Record<string, unknown>;

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

/** A whole number that counts something. */
export function countIn(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** A length of time. */
export function lengthIn(value: unknown): number | undefined {
  return Number.isFinite(value) && (value as number) >= 0 ? (value as number) : undefined;
}

export function oneOf<T>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

/** A key with its value, unless there is none. */
export function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: V };
}

export function shadeIn(value: unknown): Shade | undefined {
  return SHADES.includes(value) ? (value as Shade) : undefined;
}

export function accountIn(value: unknown): Account {
  const counts = recordIn(value);
  const account: Account = {};
  for (const line of ACCOUNT_LINES) {
    const count = countIn(counts[line]);
    if (count) account[line] = count;
  }
  return account;
}

export function convictionsIn(value: unknown): Conviction[] {
  return recordsIn(value).flatMap(({ kind, sentence, tasks, subject }) => {
    if (typeof kind !== "string" || typeof sentence !== "string") return [];
    const who = given("subject", textIn(subject));
    return { kind: kind as Conviction["kind"], sentence, tasks: textsIn(tasks), ...who };
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
