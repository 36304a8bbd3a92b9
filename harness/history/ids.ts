import type { Ids } from "./event.ts";

/** A number at the end of an id: without leading zeros, so that it is written in one way only. */
const NUMBERED = /^(?<prefix>.*?)(?<number>0|[1-9]\d{0,14})$/s;

/** Packs ids: those that follow each other become one entry. Their order is not kept. */
export function packIds(ids: Iterable<string>): Ids[] {
  const packed: Ids[] = [];
  const byPrefix = new Map<string, number[]>();
  for (const id of ids) {
    const { prefix, number } = NUMBERED.exec(id)?.groups ?? {};
    if (prefix === undefined) packed.push(id);
    else {
      const numbers = byPrefix.get(prefix);
      if (numbers) numbers.push(Number(number));
      else byPrefix.set(prefix, [Number(number)]);
    }
  }
  for (const [prefix, numbers] of byPrefix) {
    for (const [from, to] of rangesOf(numbers)) {
      packed.push(from === to ? `${prefix}${from}` : [prefix, from, to]);
    }
  }
  return packed;
}

export function* unpackIds(packed: readonly Ids[]): Iterable<string> {
  for (const ids of packed) {
    if (typeof ids === "string") yield ids;
    else {
      const [prefix, from, to] = ids;
      for (let number = from; number <= to; number++) yield `${prefix}${number}`;
    }
  }
}

/** Is this id among them? */
export function hasId(packed: readonly Ids[], id: string): boolean {
  return packed.some((ids) => {
    if (typeof ids === "string") return ids === id;
    const [prefix, from, to] = ids;
    if (!id.startsWith(prefix)) return false;
    const number = Number(id.slice(prefix.length));
    return number >= from && number <= to && id === `${prefix}${number}`;
  });
}

function rangesOf(numbers: number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers.sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
