import { MissedDeadline, type Source, until } from "../until.ts";
import type { Progress } from "./progress.ts";

/** Milliseconds without any event after which a soak stands still for good. A broker boots in it. */
export const STANDSTILL = 60_000;

/**
 * Waits for a condition as long as anything moves, however long that is.
 *
 * @param still milliseconds in which nothing moves.
 * @throws {MissedDeadline} when nothing has moved for so long.
 */
export async function untilMoving<T>(
  what: string,
  progress: Progress,
  probe: () => T | undefined | false,
  { still = STANDSTILL, source = progress }: { still?: number; source?: Source } = {},
): Promise<T> {
  for (;;) {
    const before = progress.events;
    try {
      return await until(what, source, probe, { deadline: still });
    } catch (error) {
      if (!(error instanceof MissedDeadline) || progress.events === before) throw error;
    }
  }
}
