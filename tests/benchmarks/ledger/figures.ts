import { pad } from "../../../harness/report/text.ts";
import { type Spread, spread } from "../../../harness/scenario/ratio.ts";
import { atLeast, type Sample, under } from "../sample.ts";
import type { Turn } from "./turn.ts";

/** What a turn measured, without its pieces. */
export type Measured = Omit<Turn, "pieces">;

/** The turns of one naming, by the number of events that was asked for. */
export type Turns = ReadonlyMap<number, readonly Measured[]>;

const RATE = atLeast(1_000_000);
const EXPONENT = under(1.1);
const BYTES = under(64);

/**
 * How the time grows with the number of events: each turn of the largest size against the median of
 * the smallest.
 */
export function exponentsOf(turns: Turns): number[] {
  const sizes = [...turns.keys()];
  const [first, last] = [Math.min(...sizes), Math.max(...sizes)];
  const least = of(turns, first, ({ seconds }) => seconds).median;
  return (turns.get(last) ?? []).map(
    ({ seconds }) => Math.log(seconds / least) / Math.log(last / first),
  );
}

/** A line for each size: events a second, and bytes a task. */
export function describeTurns(naming: string, turns: Turns): string[] {
  const lines = [...turns.keys()].map((size) => {
    const rates = of(turns, size, rateOf);
    const bytes = of(turns, size, (turn) => turn.bytes);
    const events = pad(size.toLocaleString("en"), 12);
    return `    ${events}${pad(inWords(rates, thousands, "/s"), 40)}${inWords(bytes, tenths, " B")}`;
  });
  return [
    `${naming} ids: events a second, and bytes held of each finished task: median (lowest to highest)`,
    ...lines,
    `    time grows as events to the power of ${spread(exponentsOf(turns)).median.toFixed(3)}`,
  ];
}

/** The numbers are promised for the largest size; of the others it is told what they take. */
export function samplesOf(naming: string, turns: Turns): Sample[] {
  const sizes = [...turns.keys()].sort((one, other) => one - other);
  const largest = Math.max(...sizes);
  const at = (size: number, what: string) =>
    `${naming} ids, ${size.toLocaleString("en-US")} events: ${what}`;
  const each = (size: number, figure: (turn: Measured) => number) =>
    (turns.get(size) ?? []).map(figure);
  const bounded = (size: number, bound: NonNullable<Sample["bound"]>) =>
    size === largest ? { bound } : {};
  return [
    ...sizes.map((size): Sample => {
      const rounds = each(size, rateOf);
      return { what: at(size, "events a second"), unit: "/s", rounds, ...bounded(size, RATE) };
    }),
    {
      what: `${naming} ids: exponent of the time`,
      unit: "",
      rounds: exponentsOf(turns),
      bound: EXPONENT,
    },
    ...sizes.map((size): Sample => {
      const rounds = each(size, ({ bytes }) => bytes);
      return {
        what: at(size, "bytes of a finished task"),
        unit: "B",
        rounds,
        ...bounded(size, BYTES),
      };
    }),
  ];
}

const rateOf = ({ events, seconds }: Measured) => events / seconds;

function of(turns: Turns, size: number, figure: (turn: Measured) => number): Spread {
  return spread((turns.get(size) ?? []).map(figure));
}

function inWords({ lowest, median, highest }: Spread, show: (n: number) => string, unit: string) {
  return `${show(median)}${unit} (${show(lowest)} to ${show(highest)})`;
}

const thousands = (value: number) => (Math.round(value / 1000) * 1000).toLocaleString("en");
const tenths = (value: number) => value.toFixed(1);
