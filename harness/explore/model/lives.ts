import type { Terms } from "../plan/command.ts";
import type { Chronicle } from "./chronicle.ts";

/**
 * One life of a queue. Between a request and its answer nobody knows whether it is there yet, or
 * still: so each end is a stretch of the history.
 */
export interface QueueLife {
  queue: string;
  terms: Terms;
  /** It may be there from this event on, and is for certain from the other one. */
  mayBeginAt: number;
  beginsBy: number;
  /**
   * It may be gone from this event on, and is by the other one; infinite where nothing ended it.
   */
  mayEndAt: number;
  endsBy: number;
}

/** The lives of all queues, in order. A transient queue ends with its broker. */
export function livesOf({ deeds, events }: Chronicle): QueueLife[] {
  const lives: QueueLife[] = [];
  const living = (queue: string) => lives.find((life) => life.queue === queue && isOpen(life));
  const downs = events.filter(({ type }) => type === "broker-down").map(({ seq }) => seq);
  for (const deed of deeds) {
    if (deed.type === "deleted") end(living(deed.queue), deed.from, deed.to);
    if (deed.type !== "declared" || !deed.accepted) continue;
    const before = living(deed.queue);
    const fallen =
      before && !before.terms.durable ? between(downs, before.beginsBy, deed.from) : undefined;
    if (fallen !== undefined) end(before, fallen);
    else if (before) continue; // Declared again as it is: nothing happens.
    const { queue, terms, from, to } = deed;
    const mayEndAt = Number.POSITIVE_INFINITY;
    lives.push({ queue, terms, mayBeginAt: from, beginsBy: to, mayEndAt, endsBy: mayEndAt });
  }
  for (const life of lives.filter(isOpen)) {
    if (!life.terms.durable) end(life, between(downs, life.mayBeginAt, Number.POSITIVE_INFINITY));
  }
  return lives;
}

const isOpen = ({ mayEndAt }: QueueLife) => mayEndAt === Number.POSITIVE_INFINITY;

function end(life: QueueLife | undefined, from: number | undefined, by = from): void {
  if (!life || from === undefined || by === undefined) return;
  life.mayEndAt = from;
  life.endsBy = by;
}

function between(all: readonly number[], from: number, to: number): number | undefined {
  return all.find((one) => one > from && one < to);
}

/** The lives in which a task that was published then may have got into a queue. */
export function mayHold(lives: readonly QueueLife[], queue: string, from: number, to: number) {
  return lives.filter(
    (life) => life.queue === queue && life.mayBeginAt <= to && life.endsBy >= from,
  );
}

/** Could the queue have been missing at any time between two events? */
export function mayBeMissing(lives: readonly QueueLife[], queue: string, from: number, to: number) {
  return !lives.some(
    (life) => life.queue === queue && life.beginsBy <= from && life.mayEndAt >= to,
  );
}
