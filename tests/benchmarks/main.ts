/**
 * `npm run bench -- <benchmark>`: measures, and compares with the numbers that are promised.
 * Exits with 0 when all are met, 1 when one is missed, 2 when it could not measure.
 */

import { say } from "../../harness/cli/say.ts";
import { errorText } from "./error-text.ts";
import { runLedgerBenchmark } from "./ledger/benchmark.ts";
import { runLinkBenchmark } from "./link/benchmark.ts";
import { parseOptions, USAGE } from "./options.ts";
import { runSoakBenchmark } from "./soak/benchmark.ts";

const BENCHMARKS: Record<string, typeof runLinkBenchmark> = {
  link: runLinkBenchmark,
  ledger: runLedgerBenchmark,
  soak: runSoakBenchmark,
};

const CANNOT_MEASURE = 2;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args, Object.keys(BENCHMARKS));
  const benchmark = BENCHMARKS[options.benchmark];
  if (options.help || !benchmark) {
    say(USAGE.trimEnd());
    return 0;
  }
  return (await benchmark(options)) ? 0 : 1;
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
