import { parseArgs } from "node:util";
import { SetupError } from "../../../../harness/errors.ts";

export const USAGE = `Usage: npm run campaign -- [options]
  --runs <n>       audits of each subject, in each way. Default 20
  --only <text>    only subjects whose names contain this
  --no-quick       correct subjects are audited as a whole only, and not quickly besides
  --full           mutants are audited as a whole, and not in the trials that show them only
  --at-a-time <n>  audits side by side. Default 2
  --out <file>     appends a line of JSON for each audit
RABBITMQ_IMAGE names another image. Exit codes: 0 all right, 1 some are wrong, 2 nothing was run.
`;

export interface Options {
  runs: number;
  only: string;
  quick: boolean;
  full: boolean;
  atATime: number;
  out: string | undefined;
  help: boolean;
}

const OPTIONS = {
  runs: { type: "string", default: "20" },
  only: { type: "string", default: "" },
  "no-quick": { type: "boolean", default: false },
  full: { type: "boolean", default: false },
  "at-a-time": { type: "string", default: "2" },
  out: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** @throws {SetupError} that names the argument which makes no sense. */
export function parseOptions(args: string[]): Options {
  const { values } = parsed(args);
  const { only, "no-quick": noQuick, full, out, help } = values;
  const runs = count("--runs", values.runs);
  const atATime = count("--at-a-time", values["at-a-time"]);
  return { runs, only, quick: !noQuick, full, atATime, out, help };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS });
  } catch (cause) {
    throw new SetupError(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}

function count(flag: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new SetupError(`${flag} is a whole number from 1, not "${value}"`);
}
