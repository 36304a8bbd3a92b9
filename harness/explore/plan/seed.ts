import { createHash, randomInt } from "node:crypto";
import { SetupError } from "../../errors.ts";

/**
 * The version of the way in which plans are drawn. It counts up whenever the same seed would mean
 * other plans.
 */
export const GENERATOR = 1;

/** A seed of this version; `text` names both, as in `1.4711`. */
export interface Seed {
  number: number;
  text: string;
}

export function seedOf(number: number): Seed {
  return { number, text: `${GENERATOR}.${number}` };
}

export function anySeed(): Seed {
  return seedOf(randomInt(2 ** 31));
}

/**
 * Reads a seed: a number alone, or with the version before it.
 *
 * @throws {SetupError} when it is none, or one of another version.
 */
export function parseSeed(text: string): Seed {
  const [, generator = String(GENERATOR), number = ""] =
    /^(?:(\d+)\.)?(\d{1,15})$/.exec(text) ?? [];
  if (number === "") throw new SetupError(`--seed is a number, such as 4711, not "${text}".`);
  if (Number(generator) !== GENERATOR) {
    throw new SetupError(
      `The seed ${text} was drawn by version ${generator} of the explorer. This is version ` +
        `${GENERATOR}, for which it means other plans: replay the directory of its run instead.`,
    );
  }
  return seedOf(Number(number));
}

/** The seed of one run of an exploration, from 1. */
export function seedOfRun(seed: Seed, run: number): number {
  return createHash("sha256").update(`${seed.number}\n${run}`).digest().readInt32BE();
}
