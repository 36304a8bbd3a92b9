import type { AccountLine } from "../ledger/account.ts";

/** What an account counts, for someone who reads one for the first time. */
const MEANINGS: Record<AccountLine, string> = {
  published: "sent to the broker",
  confirmed: "the broker took the responsibility, and said so",
  returned: "the broker gave it back: no queue would have it",
  refused: "the broker said no",
  unknown: "no answer came: nobody can tell",
  completed: "its work was done exactly once",
  duplicated: "its work was done more than once",
  parked: "it was dead-lettered",
  discarded: "dropped by a policy that the spec declares: an expiry, a length limit, a purge",
  remaining: "still in a queue at the end: stuck or waiting, not lost",
  lost: "confirmed, every queue emptied, and none of the above",
  unexpected: "its work was done, though nobody published it",
  recovered: "unknown, yet it was stored",
};

/** The words as a table. What is zero is left out of an account. */
export function wordTable(): string[] {
  const rows = Object.entries(MEANINGS).map(([word, meaning]) => `| ${word} | ${meaning} |`);
  return ["| tasks that are | what it means |", "| --- | --- |", ...rows];
}
