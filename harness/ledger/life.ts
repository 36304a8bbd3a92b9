import type { Event } from "../history/event.ts";
import { describe } from "./telling.ts";

export { lifeOf } from "../history/life.ts";

/** A life as lines of text, each with its time since the run began. */
export function describeLife(life: readonly Event[]): string[] {
  const times = life.map(({ at }) => `+${at.toFixed(1)} ms`);
  const width = Math.max(0, ...times.map((time) => time.length));
  return life.map((event, index) => `  ${times[index]?.padStart(width)}  ${describe(event)}`);
}

/**
 * A life without its middle where it is long. Its end tells more than its beginning. One line is
 * needed to say that there are others.
 */
export function withoutMiddle(lines: readonly string[], most: number): string[] {
  const left = lines.length - most;
  if (left <= 0) return [...lines];
  const end = Math.ceil(most / 2);
  const beginning = most - 1 - end;
  const margin = " ".repeat(Math.min(...lines.map((line) => line.search(/\S|$/))));
  return [...lines.slice(0, beginning), `${margin}… ${left + 1} more …`, ...lines.slice(-end)];
}
