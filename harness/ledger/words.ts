/** How the ledger counts and lists in its sentences. */

/** Ids a sentence names before it says "and N more": the rest are in the verdict's lists. */
const MOST_NAMED = 5;

/** `1 task`, `3 tasks`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a, b and 7 more`. */
export function listed(ids: Iterable<string>): string {
  const all = [...ids];
  const named = all.slice(0, MOST_NAMED).join(", ");
  const rest = all.length - MOST_NAMED;
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** `1 task (a)`, `3 tasks (a, b, c)`. */
export function tasksNamed(ids: ReadonlySet<string> | readonly string[]): string {
  const all = [...ids];
  return `${counted(all.length, "task")} (${listed(all)})`;
}
