import type { Event } from "../history/event.ts";

/** Follows who wants something from the broker. */
export interface Want {
  /** Follows the history by one event. */
  see(event: Event): void;
  /** Does anybody want it now? */
  readonly isWanted: boolean;
  /** Is this event what they want? */
  isAnswer(event: Event): boolean;
}

/** A stretch of time in which something was wanted, and did not come. Milliseconds of the run. */
export interface Wait {
  from: number;
  /** Null if nothing had come when the experiment ended. */
  to: number | null;
}

/**
 * A wait that the end cuts off sooner than this would have been answered: an experiment in which
 * tasks are stuck goes on until nothing has moved for longer.
 */
const CUT_SHORT = 1_000;

/**
 * All waits until the end of the experiment, at so many milliseconds, in order. One ends when what
 * was wanted comes, or when nobody wants it any more; if somebody does at that moment, the next
 * begins.
 */
export function waitsFor(want: Want, events: readonly Event[], end: number): Wait[] {
  const waits: Wait[] = [];
  let from: number | undefined;
  for (const event of events) {
    want.see(event);
    const { isWanted } = want;
    if (from !== undefined && (!isWanted || want.isAnswer(event))) {
      waits.push({ from, to: event.at });
      from = undefined;
    }
    if (isWanted) from ??= event.at;
  }
  if (from !== undefined && end - from >= CUT_SHORT) waits.push({ from, to: null });
  return waits;
}
