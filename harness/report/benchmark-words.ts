import type { Bound, Figure, Machine, Unit } from "./benchmarks.ts";

/** A value as it is read: `0.91`, `12,345/s`, `4.12 s`. */
export function valueInWords(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return "unknown";
  if (unit === "/s") return `${Math.round(value).toLocaleString("en-US")}/s`;
  const digits = { "": 2, s: 2, ms: 3, B: 1, MB: 1 }[unit];
  return `${value.toFixed(digits)}${unit === "" ? "" : ` ${unit}`}`;
}

export function spreadInWords({ lowest, highest, unit, rounds }: Figure): string {
  if (rounds.length < 2) return "one round";
  return `${valueInWords(lowest, unit)} to ${valueInWords(highest, unit)}`;
}

export function boundInWords({ bound, unit }: Pick<Figure, "bound" | "unit">): string {
  return bound === null ? "" : `${bound.is} ${valueInWords(bound.value, unit)}`;
}

/** Where a bound is, and nothing says whether it is met, there was too little work to say. */
export function answerInWords({ met, bound }: Pick<Figure, "met" | "bound">): string {
  if (bound === null) return "no bound";
  if (met === null) return "not judged";
  return met ? "met" : "MISSED";
}

export function isWithin(value: number, bound: Bound): boolean {
  if (bound.is === "at least") return value >= bound.value;
  return bound.is === "under" ? value < bound.value : value <= bound.value;
}

export function machineInWords({ cores, cpu, node, broker }: Machine): string {
  const processor = cpu === undefined ? "" : ` (${cpu})`;
  const server = broker === undefined ? "" : `RabbitMQ ${broker.version} (${broker.image}), `;
  return `${server}Node ${node}, ${cores} cores${processor}`;
}

/** Undefined where the machine was ours alone, or nearly. */
export function loadInWords({ load, cores }: Machine): string | undefined {
  if (load <= cores / 2) return undefined;
  return `Others were at work here (load ${load.toFixed(1)} on ${cores} cores): the figures say little.`;
}
