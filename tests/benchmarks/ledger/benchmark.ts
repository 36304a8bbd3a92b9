/**
 * The price of the account: events a second that a ledger reads on one core, how its time grows,
 * and the memory that a finished task takes. It needs no broker.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { say } from "../../../harness/cli/say.ts";
import type { Bench } from "../benchmark.ts";
import type { Options } from "../options.ts";
import type { Sample } from "../sample.ts";
import { describeTurns, type Measured, samplesOf, type Turns } from "./figures.ts";
import { NAMINGS } from "./traffic.ts";

const SIZES = [100_000, 1_000_000, 10_000_000];
const QUICK_SIZES = [100_000, 500_000];
/** Of the largest size, every third round is enough. */
const LARGEST = 10_000_000;
/** Garbage is collected on the same core. */
const ONE_CORE = "--single-threaded-gc";

const run = promisify(execFile);

export async function measureLedger({ options }: Bench): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const naming of Object.keys(NAMINGS)) {
    const turns = await takeTurns(naming, options);
    for (const line of describeTurns(naming, turns)) say(line);
    samples.push(...samplesOf(naming, turns));
  }
  return samples;
}

/** Sizes take turns, so that what the machine does meanwhile strikes all of them. */
async function takeTurns(naming: string, { rounds, quick }: Options): Promise<Turns> {
  const turns = new Map<number, Measured[]>();
  for (let round = 0; round < rounds; round++) {
    for (const size of quick ? QUICK_SIZES : SIZES) {
      if (size === LARGEST && round % 3 > 0) continue;
      const done = turns.get(size) ?? [];
      turns.set(size, [...done, await turnOf(naming, size)]);
    }
  }
  return turns;
}

async function turnOf(naming: string, size: number): Promise<Measured> {
  const program = join(import.meta.dirname, "turn-process.ts");
  const { stdout } = await run(process.execPath, [ONE_CORE, program, naming, String(size)]);
  return JSON.parse(stdout);
}
