import { describeSpread, spread } from "../../../harness/scenario/ratio.ts";
import { grouped } from "../../../harness/soak/words.ts";
import type { Sample } from "../sample.ts";
import type { Care } from "./load.ts";

/** What all others are compared with. */
export const NEITHER = "transient, unconfirmed";

/** The degrees of care, by name. */
export const CARES: Readonly<Record<string, Care>> = {
  [NEITHER]: { persistent: false, confirmed: false },
  "persistent, unconfirmed": { persistent: true, confirmed: false },
  "transient, confirmed": { persistent: false, confirmed: true },
  "persistent, confirmed": { persistent: true, confirmed: true },
};

/** Tasks a second by degree of care, moments apart. */
export type DurabilityRound = Map<string, number>;

/** Each degree of care as a share of none, in the same round. */
export function samplesOf(queueType: string, rounds: readonly DurabilityRound[]): Sample[] {
  return [
    { what: `${queueType}: ${NEITHER}`, unit: "/s", rounds: ratesOf(rounds, NEITHER) },
    ...careful().map((name): Sample => {
      const what = `${queueType}: ${name} / neither`;
      return { what, unit: "", rounds: sharesOf(rounds, name) };
    }),
  ];
}

export function describeRounds(
  queueType: string,
  count: number,
  rounds: readonly DurabilityRound[],
): string[] {
  const rate = (name: string) => `${grouped(spread(ratesOf(rounds, name)).median)}/s`;
  return [
    `${queueType}, ${grouped(count)} tasks, ${rounds.length} rounds: median (lowest to highest)`,
    `    ${NEITHER} ${rate(NEITHER)}`,
    ...careful().map((name) => {
      const share = describeSpread(spread(sharesOf(rounds, name)));
      return `    ${name} ${rate(name)}, of that ${share}`;
    }),
  ];
}

function careful(): string[] {
  return Object.keys(CARES).filter((name) => name !== NEITHER);
}

function ratesOf(rounds: readonly DurabilityRound[], name: string): number[] {
  return rounds.map((round) => round.get(name) ?? Number.NaN);
}

function sharesOf(rounds: readonly DurabilityRound[], name: string): number[] {
  return rounds.map(
    (round) => (round.get(name) ?? Number.NaN) / (round.get(NEITHER) ?? Number.NaN),
  );
}
