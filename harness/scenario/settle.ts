import type { History } from "../history/history.ts";
import { MissedDeadline, until } from "../until.ts";

/**
 * How long nothing at all may happen before tasks that have not reached their end count as stuck.
 * Only an experiment in which some never do takes this long.
 */
const QUIET = 1_500;

/**
 * Waits until the condition holds, or until nothing moves any more.
 *
 * @param quiet milliseconds in which nothing moves.
 */
export async function settle(
  history: History,
  settled: () => boolean,
  quiet = QUIET,
): Promise<void> {
  for (;;) {
    const seen = history.events.length;
    try {
      await until("every task to reach its end", history, settled, { deadline: quiet });
      return;
    } catch (error) {
      if (!(error instanceof MissedDeadline)) throw error;
      if (history.events.length === seen) return;
    }
  }
}
