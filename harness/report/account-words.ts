import { type Account, type AccountLine, BESIDES, ENDS, OUTCOMES } from "../ledger/account.ts";
import type { SpecResult } from "./result.ts";

/**
 * An account as the sum that it is. A line that is zero is absent.
 *
 * `100 published = 100 confirmed = 98 completed + 2 duplicated`
 * `100 published = 97 confirmed + 3 unknown; 97 confirmed = 97 completed; besides, 1 recovered`
 */
export function accountInWords(account: Account): string {
  const ends = sum(account, ENDS);
  const clauses: string[] = [];
  if (account.published !== undefined) {
    const outcomes = sum(account, OUTCOMES);
    const chained = account.confirmed === account.published && ends !== "";
    clauses.push(`${account.published} published = ${outcomes}${chained ? ` = ${ends}` : ""}`);
    if (!chained && ends !== "") clauses.push(`${account.confirmed ?? 0} confirmed = ${ends}`);
  } else if (ends !== "") {
    clauses.push(ends);
  }
  const besides = sum(account, BESIDES);
  if (besides !== "") clauses.push(clauses.length > 0 ? `besides, ${besides}` : besides);
  return clauses.join("; ") || "nothing published";
}

/** What became of the tasks, in the fewest words: `98 completed + 2 duplicated`. */
export function accountInShort(account: Account): string {
  const unconfirmed = sum(
    account,
    OUTCOMES.filter((line) => line !== "confirmed"),
  );
  const parts = [sum(account, ENDS), unconfirmed, sum(account, BESIDES)].filter(Boolean);
  return parts.join(", ") || "nothing published";
}

/** What became of the tasks of a spec, or that it had nothing to show on this broker. */
export function answerInShort({ outcome, account }: SpecResult): string {
  return outcome === "not-applicable" ? "not applicable" : accountInShort(account);
}

function sum(account: Account, lines: readonly AccountLine[]): string {
  const terms = lines.filter((line) => account[line]).map((line) => `${account[line]} ${line}`);
  return terms.join(" + ");
}
