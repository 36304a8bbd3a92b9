import type { Log, LogLine } from "../data.ts";

/** Lines of one log, at most. */
const MOST_LINES = 1_500;
/** Milliseconds before and after an experiment that are shown: clocks differ by a little. */
const MARGIN = 1_000;

/** How lines begin that say when they were written: with a date and a time of day. */
const STAMP =
  /^\W{0,2}(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) ?(Z|[+-]\d{2}:?\d{2})?/;

/**
 * A log's lines beside the history: by their own times where they have any. Those from before and
 * after the experiment are left out: a broker serves others, too.
 *
 * @param startedAt when the history began, by the clock of the wall; in milliseconds.
 * @param span of the history, in milliseconds since it began.
 */
export function logView(
  name: string,
  text: string,
  startedAt: number,
  [from, to]: readonly [number, number],
): Log {
  const all = timed(text, startedAt);
  const isTimed = all.some(([at]) => at !== null);
  const within = all.filter(([at]) => at === null || (at >= from - MARGIN && at <= to + MARGIN));
  const lines = within.length <= MOST_LINES ? within : ends(within);
  return { name, lines, omitted: all.length - lines.length, timed: isTimed };
}

/** Each line with its time; one without takes that of the line before, which it belongs to. */
function timed(text: string, startedAt: number): LogLine[] {
  let last: number | null = null;
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const wall = timeOf(line);
    if (wall !== null && !Number.isNaN(startedAt)) last = wall - startedAt;
    return [last, line];
  });
}

/** A time without its zone is taken as UTC, as containers have it. */
function timeOf(line: string): number | null {
  const [, date, time = "", zone = "Z"] = STAMP.exec(line) ?? [];
  if (date === undefined) return null;
  const wall = Date.parse(`${date}T${time.replace(",", ".")}${zone}`);
  return Number.isNaN(wall) ? null : wall;
}

/** Of what is too long, the beginning and the end. */
function ends(lines: LogLine[]): LogLine[] {
  return [...lines.slice(0, MOST_LINES / 2), ...lines.slice(-MOST_LINES / 2)];
}
