import { parseArgs } from "node:util";
import { SetupError } from "../../harness/errors.ts";

export const USAGE = `Usage: npm run bench -- <benchmark> [options]
  link           direct, through the link recording everything, and through haproxy
  ledger         the account alone: events a second, how its time grows, bytes of a task
  soak           raw, with the account of every task, and with kills besides
  --rounds <n>   rounds at 1 KiB, which the numbers are judged by; others take half. Default 7
  --messages <n> tasks of each turn, of \`soak\`; 100000 when left out
  --json <file>  also writes every figure of every round
  --quick        a smoke run: few rounds, little work. Its figures say little
RABBITMQ_IMAGE names another image. Exit codes: 0 all met, 1 missed, 2 could not measure.
`;

export interface Options {
  benchmark: string;
  /** Rounds at the size that is judged. */
  rounds: number;
  /** Tasks of each turn, of a benchmark that leaves it open. */
  messages?: number;
  /** A file for the figures. */
  json?: string;
  quick: boolean;
  help: boolean;
}

const ROUNDS = 7;
const QUICK_ROUNDS = 2;

const OPTIONS = {
  rounds: { type: "string" },
  messages: { type: "string" },
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
  const rounds = wholeNumber("rounds", values.rounds) ?? (quick ? QUICK_ROUNDS : ROUNDS);
  const messages = wholeNumber("messages", values.messages);
  return {
    benchmark,
    rounds,
    quick,
    help,
    ...(messages === undefined ? {} : { messages }),
    ...(json === undefined ? {} : { json }),
  };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new SetupError(`--${name} is a whole number from 1, not "${text}"`);
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new SetupError(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}
