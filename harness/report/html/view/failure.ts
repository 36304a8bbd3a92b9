import { ACCOUNT_LINES, type Account, difference } from "../../../ledger/account.ts";
import type { Shade } from "../data.ts";
import { shadeIn, textsIn } from "./plain.ts";

/** What a spec failed with: it may have declared more than the ledger knows. */
export interface Failure {
  outcome: Shade;
  reasons: string[];
}

/** A failure as it was saved; undefined of anything else. */
export function failureFrom(saved: Record<string, unknown>): Failure | undefined {
  const { outcome, reasons, expected, actual } = saved;
  const shade = shadeIn(outcome);
  if (shade === undefined || !Array.isArray(reasons)) return undefined;
  const told = textsIn(reasons);
  // What an assertion says of two accounts names the lines of neither.
  const compared =
    isAccount(expected) && isAccount(actual) ? accountsCompared(expected, actual) : [];
  return { outcome: shade, reasons: compared.length > 0 ? compared : told };
}

function accountsCompared(expected: Account, actual: Account): string[] {
  return difference(expected, actual).map(
    (line) => `Expected ${expected[line] ?? 0} ${line}, found ${actual[line] ?? 0}.`,
  );
}

function isAccount(value: unknown): value is Account {
  if (typeof value !== "object" || value === null) return false;
  const known: readonly string[] = ACCOUNT_LINES;
  return Object.entries(value).every(([line, count]) => {
    return known.includes(line) && typeof count === "number";
  });
}
