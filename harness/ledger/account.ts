import { type Fate, fateOf } from "./fates.ts";
import { bestOutcome, type PublishOutcome } from "./publish.ts";
import type { Queues } from "./queues.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";

/** What can become of a publish. */
export const OUTCOMES = ["confirmed", "returned", "refused", "unknown"] as const;
/** What can become of a confirmed task. */
export const ENDS = [
  "completed",
  "duplicated",
  "parked",
  "discarded",
  "remaining",
  "lost",
] as const;
/** Fates of tasks that were not confirmed, and so stand beside the sum. */
export const BESIDES = ["recovered", "unexpected"] as const;
const FATES = [...ENDS, "unexpected", "recovered"] as const;

/** The lines of an account, in the order in which it is read. */
export const ACCOUNT_LINES = ["published", ...OUTCOMES, ...FATES] as const;

/** What a task counts as that was done without a hitch. */
const OF_FINISHED = ["published", "confirmed", "completed"] as const;

export type AccountLine = (typeof ACCOUNT_LINES)[number];

/** How many tasks there are of each kind, by id. What is zero is absent. */
export type Account = Partial<Record<AccountLine, number>>;

/** The tasks of each fate, in the order in which the history first named them. */
export type Fates = Record<Fate, string[]>;

/** Walks every task that is kept once, and sorts it by its fate. */
export function fatesOf(tasks: Tasks, queues: Queues, unobserved = false): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  for (const task of tasks.all()) {
    const fate = fateOf(task, queues, unobserved);
    if (fate !== null) fates.set(task.id, fate);
  }
  return fates;
}

export function groupByFate(fates: ReadonlyMap<string, Fate>): Fates {
  const groups = Object.fromEntries(FATES.map((fate) => [fate, [] as string[]])) as Fates;
  for (const [id, fate] of fates) groups[fate].push(id);
  return groups;
}

export function accountOf(tasks: Tasks, fates: Iterable<Fate>): Account {
  const counts = new Map<AccountLine, number>();
  const count = (line: AccountLine, by = 1) => counts.set(line, (counts.get(line) ?? 0) + by);
  for (const task of tasks.all()) {
    if (!task.published) continue;
    count("published");
    count(bestOutcome(task.publishes) satisfies PublishOutcome);
  }
  for (const fate of fates) count(fate);
  const { finishedCount } = tasks;
  if (finishedCount > 0) for (const line of OF_FINISHED) count(line, finishedCount);

  const account: Account = {};
  for (const line of ACCOUNT_LINES) {
    const value = counts.get(line);
    if (value !== undefined) account[line] = value;
  }
  return account;
}

/**
 * Conservation: nothing may appear or vanish between the sums counted while the events passed and
 * the account drawn up from the tasks. Returns what does not add up.
 */
export function imbalances(
  account: Account,
  sums: Pick<Sums, "published" | "confirmed">,
): string[] {
  const outcomes = total(account, OUTCOMES);
  const ends = total(account, ENDS);
  const checks: [string, number, string, number][] = [
    ["published", sums.published, "returned, refused, unknown or confirmed", outcomes],
    ["confirmed", sums.confirmed, "confirmed in the account", account.confirmed ?? 0],
    [
      "confirmed",
      sums.confirmed,
      "completed, duplicated, parked, discarded, remaining or lost",
      ends,
    ],
  ];
  return checks
    .filter(([, expected, , found]) => expected !== found)
    .map(([left, expected, right, found]) => `${expected} ${left}, but ${found} ${right}`);
}

/** The lines in which two accounts differ. A line that is absent counts as zero. */
export function difference(expected: Account, found: Account): AccountLine[] {
  return ACCOUNT_LINES.filter((line) => (expected[line] ?? 0) !== (found[line] ?? 0));
}

function total(account: Account, lines: readonly AccountLine[]): number {
  return lines.reduce((sum, line) => sum + (account[line] ?? 0), 0);
}
