/**
 * `npm run campaign`: audits every correct subject and every mutant many times, and compares what is
 * found with what has to be, exactly. Ctrl-C ends it, and tells what there is by then.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { share } from "../../../harness/audit/schedule.ts";
import { say } from "../../../harness/cli/say.ts";
import { isInstalled } from "../subjects/installed.ts";
import { parseOptions, USAGE } from "./campaign/options.ts";
import { type Attempt, argumentsOf, planOf } from "./campaign/plan.ts";
import { type Record, recordOf, recordOfFailure } from "./campaign/record.ts";
import { tableOf } from "./campaign/table.ts";

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");
const NOTHING_RUN = 2;
/** Of an audit's own message, at most. */
const LINES = 6;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  const attempts = planOf(options).filter(({ subject }) => isInstalled(subject));
  if (options.help || attempts.length === 0) {
    say(options.help ? USAGE.trimEnd() : "No subject that is installed here has such a name.");
    return options.help ? 0 : NOTHING_RUN;
  }
  const records: Record[] = [];
  const keep = (record: Record) => {
    records.push(record);
    say(`${record.right ? "✓" : "✗"} ${record.name}, ${record.extent}, run ${record.run}`);
    if (options.out !== undefined) appendFileSync(options.out, `${JSON.stringify(record)}\n`);
  };
  await tryAll(attempts, options.atATime, keep);
  if (records.length > 0) say(`\n${tableOf(records)}`);
  if (records.length === 0) return NOTHING_RUN;
  return records.every(({ right }) => right) ? 0 : 1;
}

/** Has all audits done, or those that were done when it is told to end. */
async function tryAll(attempts: readonly Attempt[], atATime: number, keep: (one: Record) => void) {
  const stop = new AbortController();
  const end = () => stop.abort();
  // For good: where nobody listens any more, what cleans up behind children ends this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  const folder = mkdtempSync(join(tmpdir(), "ackproof-campaign-"));
  const hand = {
    may: () => !stop.signal.aborted,
    do: async (attempt: Attempt) => {
      const record = await audited(
        attempt,
        join(folder, `${attempts.indexOf(attempt)}.json`),
        stop,
      );
      if (record) keep(record);
    },
  };
  try {
    await share(
      attempts,
      Array.from({ length: atATime }, () => hand),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One audit, as a user runs it; undefined where it was ended before its time. */
async function audited(
  attempt: Attempt,
  json: string,
  { signal }: AbortController,
): Promise<Record | undefined> {
  const { stderr, exitCode } = await execa(
    process.execPath,
    [MAIN, "audit", ...argumentsOf(attempt, json)],
    { reject: false, stdin: "ignore", cancelSignal: signal, forceKillAfterDelay: false },
  );
  if (signal.aborted) return undefined;
  const text = readIfThere(json);
  if (text === undefined)
    return recordOfFailure(attempt, `Exit code ${exitCode}: ${beginning(stderr)}`);
  const record = recordOf(attempt, JSON.parse(text));
  // What is as it has to be needs no looking at, and there are hundreds.
  if (record.right && record.directory !== undefined) rmSync(record.directory, { recursive: true });
  return record;
}

/** Of what an audit says that has no result: why, and not where in the program. */
function beginning(text: string): string {
  return text.trim().split("\n").slice(0, LINES).join("\n    ");
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`campaign: ${(error as Error).message}\n`);
  process.exitCode = NOTHING_RUN;
}
