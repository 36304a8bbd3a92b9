import { livesOf as livesIn } from "../history/lives.ts";
import type { Fate, Verdict } from "../ledger/verdict.ts";
import { LIVES_TOLD, livesOf } from "../scenario/lives.ts";

/** Fates that break a soak: what is delivered again may be done again. */
const BAD: readonly Fate[] = ["lost", "remaining", "unexpected"];

/**
 * What happened to the tasks that broke a soak, or to some of them: nobody has kept their events but
 * the file.
 *
 * @param path the file of the history.
 * @returns lines; one that says why, where the file can't be read any more.
 */
export async function badLives(verdict: Verdict, path: string): Promise<string[]> {
  const tasks = BAD.flatMap((fate) => verdict.fates[fate].slice(0, LIVES_TOLD));
  if (tasks.length === 0) return [];
  try {
    const lives = await livesIn(path, tasks);
    return livesOf({ verdict, life: (task) => lives.get(task) ?? [] }, BAD);
  } catch (error) {
    return [`Their lives can't be told: ${(error as Error).message}`];
  }
}
