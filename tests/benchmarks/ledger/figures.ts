import { pad } from "../../../harness/report/text.ts";
import { type Spread, spread } from "../../../harness/scenario/ratio.ts";
import type { Judgement } from "../link/bounds.ts";
import type { Turn } from "./turn.ts";

/** What a turn measured, without its pieces. */
export type Measured = Omit<Turn, "pieces">;

/** The turns of one naming, by the number of events that was asked for. */
export type Turns = ReadonlyMap<number, readonly Measured[]>;

const RATE = 1_000_000;
const EXPONENT = 1.1;
const BYTES = 64;

/** How the time grows with the number of events, from the smallest size to the largest. */
export function exponentOf(turns: Turns): number {
  const sizes = [...turns.keys()].sort((one, other) => one - other);
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || first === last) return Number.NaN;
  const time = (size: number) => of(turns, size, ({ seconds }) => seconds).median;
  return Math.log(time(last) / time(first)) / Math.log(last / first);
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
    `    time grows as events to the power of ${exponentOf(turns).toFixed(3)}`,
  ];
}

/** Holds the largest size against the numbers. */
export function judgeTurns(naming: string, turns: Turns): Judgement[] {
  const largest = Math.max(...turns.keys());
  const rate = of(turns, largest, rateOf).median;
  const bytes = of(turns, largest, (turn) => turn.bytes).median;
  const exponent = exponentOf(turns);
  const judged = (what: string, measured: number, bound: string, met: boolean): Judgement => {
    return { what: `${naming} ids: ${what}`, measured, bound, met, unit: "" };
  };
  const millions = rate / RATE;
  return [
    judged("million events a second", millions, "at least 1.00", rate >= RATE),
    judged("exponent of the time", exponent, `under ${EXPONENT}`, exponent < EXPONENT),
    judged("bytes of each finished task", bytes, `under ${BYTES}`, bytes < BYTES),
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
