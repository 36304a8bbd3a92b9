/**
 * `npm run bench [-- <benchmark>...]`: measures, and compares with the numbers that are promised.
 * Exits with 0 when all are met, 1 when one is missed, 2 when one could not be measured.
 */

import { say } from "../../harness/cli/say.ts";
import { isMissed } from "../../harness/report/benchmarks.ts";
import type { Benchmark } from "./benchmark.ts";
import { measureDurability } from "./durability/benchmark.ts";
import { errorText } from "./error-text.ts";
import { measureKill } from "./kill/benchmark.ts";
import { measureLedger } from "./ledger/benchmark.ts";
import { measureLink } from "./link/benchmark.ts";
import { parseOptions, USAGE } from "./options.ts";
import { runAll, tell } from "./run.ts";
import { measureSoak } from "./soak/benchmark.ts";
import { measureSuite } from "./suite/benchmark.ts";

/** In the order in which they are run: the quick ones first. */
const BENCHMARKS: Record<string, Benchmark> = {
  durability: measureDurability,
  kill: measureKill,
  link: measureLink,
  ledger: measureLedger,
  soak: measureSoak,
  suite: measureSuite,
};

const CANNOT_MEASURE = 2;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args, Object.keys(BENCHMARKS));
  if (options.help) {
    say(USAGE.trimEnd());
    return 0;
  }
  const report = await runAll(BENCHMARKS, options);
  tell(report, options);
  if (report.failed.length > 0) return CANNOT_MEASURE;
  return isMissed(report) ? 1 : 0;
}

// Ends in order: what is left is removed on exit, or by the reaper.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(CANNOT_MEASURE));
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`bench: ${errorText(error)}\n`);
  process.exit(CANNOT_MEASURE); // Helpers may still be there, which end with this process.
}
