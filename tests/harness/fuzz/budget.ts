/**
 * How much the fuzz tests try, and from which seed: `ACKPROOF_FUZZ_INPUTS` is the number of inputs
 * over all parts (20,000 when unset), `ACKPROOF_FUZZ_SEED` where the generator starts.
 */
const INPUTS = whole("ACKPROOF_FUZZ_INPUTS", 20_000);
export const SEED = whole("ACKPROOF_FUZZ_SEED", 20_091);

/** Hundredths of the inputs. What costs least gets most; a live connection costs a millisecond. */
const SHARES = {
  "the frame reader": 45,
  "the decoders": 25,
  "a direction with holds": 20,
  "the live link": 9,
  "the live link and a real broker": 1,
} as const;

export type Part = keyof typeof SHARES;

export function inputsFor(part: Part): number {
  return Math.ceil((INPUTS * SHARES[part]) / 100);
}

/** What fast-check is told, and the reader of the test's output too. */
export function settings(part: Part): { numRuns: number; seed: number } {
  const numRuns = inputsFor(part);
  console.log(`fuzz: ${numRuns.toLocaleString("en")} inputs for ${part}, seed ${SEED}`);
  return { numRuns, seed: SEED };
}

/** Milliseconds that one input never takes, not even on a machine with a lot else to do. */
const AT_MOST = {
  "the frame reader": 3,
  "the decoders": 3,
  "a direction with holds": 3,
  "the live link": 40,
  "the live link and a real broker": 150,
} as const satisfies Record<Part, number>;

/** Milliseconds after which the inputs of a part are surely not being worked on, but hang. */
export function deadlineFor(part: Part): number {
  return 30_000 + inputsFor(part) * AT_MOST[part];
}

function whole(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return otherwise;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${name} is a whole number from 0, not ${JSON.stringify(text)}`);
}
