import type { Event } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { MissedDeadline, until } from "../until.ts";

/**
 * How long nothing at all may happen before tasks that have not reached their end count as stuck.
 * Only an experiment in which some never do takes this long.
 */
const QUIET = 1_500;

/** How a program connects, and loses its connection: one whose queue is gone may do so for ever. */
const COMES_AND_GOES: ReadonlySet<Event["type"]> = new Set([
  "connection-opened",
  "connection-refused",
  "client-identified",
  "channel-opened",
  "prefetch-set",
  "channel-closed",
  "connection-closed",
]);

/** How often in a row nothing but that may be all that moves. */
const IN_VAIN = 4;

/**
 * Waits until the condition holds, or until nothing moves any more, or gets any further.
 *
 * @param quiet milliseconds in which nothing moves.
 */
export async function settle(
  history: History,
  settled: () => boolean,
  quiet = QUIET,
): Promise<void> {
  for (let vain = 0; vain < IN_VAIN; ) {
    const seen = history.events.length;
    try {
      await until("every task to reach its end", history, settled, { deadline: quiet });
      return;
    } catch (error) {
      if (!(error instanceof MissedDeadline)) throw error;
      const news = history.events.slice(seen);
      if (news.length === 0) return;
      vain = news.every(({ type }) => COMES_AND_GOES.has(type)) ? vain + 1 : 0;
    }
  }
}
