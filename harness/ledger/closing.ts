import { type Account, imbalances } from "./account.ts";
import { Contradictions } from "./contradictions.ts";
import { type Fate, isOnlyReturned, purgesOf } from "./fates.ts";
import type { Holds } from "./holds.ts";
import type { Queue, Queues } from "./queues.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";

interface Books {
  readonly tasks: Tasks;
  readonly queues: Queues;
  readonly holds: Holds;
  readonly sums: Sums;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly account: Account;
}

/** The contradictions that show only once the history is taken as complete. */
export function closingContradictions(books: Books): string[] {
  const found = new Contradictions();
  checkTasks(books, found);
  checkDrains(books, found);
  checkPurges(books, found);
  for (const { hold, what, subject } of books.holds.open()) {
    found.add("hold-open", `hold ${hold} (${what} of ${subject})`);
  }
  for (const imbalance of imbalances(books.account, books.sums)) {
    found.add("unbalanced", imbalance);
  }
  return found.sentences();
}

function checkTasks({ tasks, fates }: Books, found: Contradictions): void {
  for (const task of tasks.all()) {
    if (task.surfaced && isOnlyReturned(task)) found.add("returned-yet-stored", "", task.id);
    // For an id that nobody published, the fate "unexpected" says it all.
    if (task.published) {
      for (const subject of task.strangers) found.add("effect-undelivered", subject, task.id);
    }
    if (task.handedToDrain && task.drainedFrom.length === 0) {
      found.add("drain-silent", "", task.id);
    }
    const isVanished = fates.get(task.id) === "lost" || fates.get(task.id) === "discarded";
    if (isVanished && task.open.length > 0) found.add("lost-in-hand", "", task.id);
  }
}

/** A queue counts if it was declared, or if subjects got tasks from it. */
function checkDrains({ queues }: Books, found: Contradictions): void {
  const all = queues.all();
  if (all.length === 0) found.add("drain-missing", "Any queue");
  for (const queue of all) {
    if (queue.declared?.role === "output") continue;
    if (queue.drainFinished === null) found.add("drain-missing", queue.name);
  }
}

/** A purge tells how many it took, not which: what vanished beyond that was lost. */
function checkPurges({ tasks, queues, fates }: Books, found: Contradictions): void {
  const vanished = new Map<Queue, number>();
  for (const task of tasks.all()) {
    if (fates.get(task.id) !== "discarded") continue;
    const [purged] = purgesOf(task, queues);
    if (purged) vanished.set(purged, (vanished.get(purged) ?? 0) + 1);
  }
  for (const [{ name, purged }, count] of vanished) {
    if (count > purged) {
      found.add("purge-exceeded", `${count} are gone from ${name}, and ${purged} were purged`);
    }
  }
}
