import { describeSpread, spread } from "../../../harness/scenario/ratio.ts";
import { addedTrip, MB } from "./bounds.ts";
import type { MemoryRun } from "./memory.ts";
import { compare, type Round } from "./rounds.ts";
import type { Path } from "./topology.ts";
import type { Measure } from "./workload.ts";

const COMPARED: [Path, Path][] = [
  ["link", "direct"],
  ["pipe", "direct"],
  ["haproxy", "direct"],
  ["link", "pipe"],
  ["link", "haproxy"],
];

/** The figures of one size: messages a second, or milliseconds, and the paired ratios. */
export function describeRounds(size: string, rounds: readonly Round[]): string[] {
  const measures = [...(rounds[0]?.keys() ?? [])];
  return [
    `${size}, ${rounds.length} rounds: median (lowest to highest)`,
    ...measures.flatMap((measure) => [
      `  ${measure}`,
      ...(measure.startsWith("one ") ? trips(measure, rounds) : rates(measure, rounds)),
    ]),
  ];
}

export function describeMemory({ messages, events, start, peak, end }: MemoryRun): string[] {
  const mb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
  return [
    `Memory of the link's process, ${messages.toLocaleString("en")} messages in and out`,
    `    start ${mb(start)}, peak ${mb(peak)}, end ${mb(end)}; ${events.toLocaleString("en")} events on disk`,
  ];
}

function rates(measure: Measure, rounds: readonly Round[]): string[] {
  const absolute = pathsOf(rounds).map((path) => {
    const { median } = spread(compare(rounds, measure, [path, path], ({ rate }) => rate));
    return `${path} ${Math.round(median).toLocaleString("en")}/s`;
  });
  const ratios = COMPARED.flatMap((pair) => {
    const values = compare(rounds, measure, pair, (one, other) => one.rate / other.rate);
    return values.length === 0 ? [] : [`${pair.join(" / ")} ${describeSpread(spread(values))}`];
  });
  return [`    ${absolute.join(", ")}`, ...ratios.map((ratio) => `    ${ratio}`)];
}

function trips(measure: Measure, rounds: readonly Round[]): string[] {
  const absolute = pathsOf(rounds).map((path) => {
    const { median } = spread(compare(rounds, measure, [path, path], ({ trip }) => trip));
    return `${path} ${median.toFixed(3)} ms`;
  });
  const { lowest, median, highest } = addedTrip(rounds, measure);
  const added = [median, lowest, highest].map((value) => value.toFixed(3));
  return [
    `    ${absolute.join(", ")}`,
    `    the link adds ${added[0]} ms (${added[1]} to ${added[2]})`,
  ];
}

function pathsOf(rounds: readonly Round[]): Path[] {
  const [first] = rounds[0]?.values() ?? [];
  // The order of the first round depends on who went first.
  return (["direct", "link", "pipe", "haproxy"] as const).filter((path) => first?.has(path));
}
