/** One figure over several rounds. */
export interface Spread {
  lowest: number;
  median: number;
  highest: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) throw new Error("There is nothing to spread");
  const upper = sorted[Math.floor(sorted.length / 2)] ?? highest;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? lowest;
  return { lowest, median: (lower + upper) / 2, highest };
}

/** `1.84 (1.52 to 2.10)`. */
export function describeSpread({ lowest, median, highest }: Spread): string {
  return `${median.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})`;
}

/**
 * Times two actions in turn, so that both meet the same machine, and returns how many times as
 * long the first takes. Which one goes first alternates. A turn of each comes before the rounds and
 * is not timed: it opens what later ones find open.
 */
export async function timeRatio(
  rounds: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<Spread> {
  await first();
  await second();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const inTurn = round % 2 === 0 ? [first, second] : [second, first];
    const times = new Map<unknown, number>();
    for (const action of inTurn) {
      const began = performance.now();
      await action();
      times.set(action, performance.now() - began);
    }
    ratios.push((times.get(first) ?? Number.NaN) / (times.get(second) ?? Number.NaN));
  }
  return spread(ratios);
}
