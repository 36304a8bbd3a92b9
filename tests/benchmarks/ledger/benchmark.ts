/**
 * The price of the account: events a second that a ledger reads on one core, how its time grows,
 * and the memory that a finished task takes. It needs no broker.
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { say } from "../../../harness/cli/say.ts";
import { describeJudgements } from "../link/report.ts";
import type { Options } from "../options.ts";
import { describeTurns, judgeTurns, type Measured, type Turns } from "./figures.ts";
import { NAMINGS } from "./traffic.ts";

const SIZES = [100_000, 1_000_000, 10_000_000];
const QUICK_SIZES = [100_000, 500_000];
/** Of the largest size, every third round is enough. */
const LARGEST = 10_000_000;
/** Garbage is collected on the same core. */
const ONE_CORE = "--single-threaded-gc";

const run = promisify(execFile);

/** True when every promised number is met. */
export async function runLedgerBenchmark(options: Options): Promise<boolean> {
  const [load = 0] = loadavg();
  say(`Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)}`);
  const results = new Map<string, Turns>();
  for (const naming of Object.keys(NAMINGS)) {
    const turns = await takeTurns(naming, options);
    results.set(naming, turns);
    for (const line of describeTurns(naming, turns)) say(line);
    say("");
  }
  const judgements = [...results].flatMap(([naming, turns]) => judgeTurns(naming, turns));
  for (const line of describeJudgements(judgements)) say(line);
  if (options.json) save(options.json, results);
  return judgements.every(({ met }) => met);
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

function save(path: string, results: ReadonlyMap<string, Turns>): void {
  const asObject = (_: string, value: unknown) =>
    value instanceof Map ? Object.fromEntries(value) : value;
  writeFileSync(path, `${JSON.stringify(results, asObject, 2)}\n`);
  say(`Every figure: ${path}`);
}
