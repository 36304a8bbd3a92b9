import { FAULT_NAMES } from "../history/event.ts";

/**
 * What a line of a life tells, the least first: what is left out where there is no room. The words
 * are those of `describe`. Whatever is not named here explains an end: an answer, an effect that is
 * done or is not, whatever closed or ended; and a fault, which explains the others.
 */
const DULLEST_FIRST: readonly RegExp[] = [
  /** The harness empties the queues in the end: what it found there is told by `drained from`. */
  /^(delivered to|acked by|rejected by|connection of|channel of) drain\b/,
  /** How it came to its queue; unless something is noted beside it, such as what was swallowed. */
  /^(published by (?!.*\((transient|never reached)\b)|confirmed to \S+$)/,
  /** What every task goes through. */
  /^(delivered to|effect asked for by|SIG\w+ sent to|\w+ of \S+ held)\b/,
];

const GRAVEST = DULLEST_FIRST.length + 1;
/** A fault, by its name. */
const STRIKE = new RegExp(`^(${FAULT_NAMES.join("|")}) of `);

/** `  +732.2 ms  `: what stands before the words of a line. */
const TIME = /^\s*\+[\d.]+ ms {2}/;

/**
 * A life by so many lines, in order: where it is long, what tells the least is left out first, and
 * one line says how many are: where they were, or at the end if they were in several places. Of lines
 * that tell as much, the beginning and the end stay.
 */
export function gist(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  const kept = new Set(mostTelling(lines, most - 1));
  const gaps = [...lines.keys()].filter((at) => !kept.has(at) && (at === 0 || kept.has(at - 1)));
  const margin = " ".repeat(Math.min(...lines.map((line) => line.search(/\S|$/))));
  const note = `${margin}… ${lines.length - kept.size} more${gaps.length > 1 ? " in between" : ""} …`;
  const told = lines.flatMap((line, at) => {
    if (kept.has(at)) return [line];
    return gaps.length === 1 && at === gaps[0] ? [note] : [];
  });
  return gaps.length === 1 ? told : [...told, note];
}

/** The places of the lines that tell the most. */
function mostTelling(lines: readonly string[], most: number): number[] {
  const kept: number[] = [];
  const byGravity = Map.groupBy(lines.keys(), (at) => gravityOf(lines[at] ?? ""));
  for (let gravity = GRAVEST; gravity >= 0; gravity--) {
    kept.push(...withoutMiddle(byGravity.get(gravity) ?? [], most - kept.length));
  }
  return kept;
}

function gravityOf(line: string): number {
  const words = line.replace(TIME, "");
  if (STRIKE.test(words)) return GRAVEST;
  const dull = DULLEST_FIRST.findIndex((one) => one.test(words));
  return dull < 0 ? DULLEST_FIRST.length : dull;
}

/** The end tells more than the beginning. */
function withoutMiddle(places: readonly number[], most: number): number[] {
  if (places.length <= most) return [...places];
  const end = Math.ceil(most / 2);
  return [...places.slice(0, most - end), ...places.slice(places.length - end)];
}
