import { parseArgs } from "node:util";
import { SetupError } from "../../harness/errors.ts";

export const USAGE = `Usage: npm run bench -- link [options]
  link           direct, through the link recording everything, and through haproxy
  --rounds <n>   rounds at 1 KiB, which the numbers are judged by; others take half. Default 7
  --json <file>  also writes every figure of every round
  --quick        a smoke run: few rounds, little work. Its figures say little
RABBITMQ_IMAGE names another image. Exit codes: 0 all met, 1 missed, 2 could not measure.
`;

export interface Options {
  benchmark: string;
  /** Rounds at the size that is judged. */
  rounds: number;
  /** A file for the figures. */
  json?: string;
  quick: boolean;
  help: boolean;
}

const ROUNDS = 7;
const QUICK_ROUNDS = 2;

const OPTIONS = {
  rounds: { type: "string" },
  json: { type: "string" },
  quick: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** @throws {SetupError} that names the argument which makes no sense. */
export function parseOptions(args: string[], benchmarks: string[]): Options {
  const { values, positionals } = parsed(args);
  const [benchmark = "", ...surplus] = positionals;
  const { quick, help, json } = values;
  if (!help && (surplus.length > 0 || !benchmarks.includes(benchmark))) {
    throw new SetupError(`Name one benchmark: ${benchmarks.join(", ")}\n${USAGE}`);
  }
  const rounds = Number(values.rounds ?? (quick ? QUICK_ROUNDS : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new SetupError(`--rounds is a whole number from 1, not "${values.rounds}"`);
  }
  return { benchmark, rounds, quick, help, ...(json === undefined ? {} : { json }) };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new SetupError(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}
