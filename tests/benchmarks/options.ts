import { parseArgs } from "node:util";
import { SetupError } from "../../harness/errors.ts";

export const USAGE = `Usage: npm run bench [-- <benchmark>...] [options]
All of these in turn, or those that are named:
  link           direct, through the link recording everything, and through haproxy
  ledger         the account alone: events a second, how its time grows, bytes of a task
  durability     persistence and confirms against neither, on each type of queue
  kill           from a broker's SIGKILL to the verdict, against the broker's own boot
  soak           raw, with the account of every task, and with kills besides
  suite          the wall time of the guarantees, and how much of it is broker boots
  --rounds <n>   rounds of what is judged; others take half. Default 7
  --messages <n> tasks of each turn, of \`soak\`; 100000 when left out
  --results <f>  of \`suite\`: results.json of a run that there is, in place of one of its own
  --json <file>  also writes every figure of every round there
  --quick        a smoke run: few rounds, little work. Its figures say little
What was measured is kept in .ackproof/runs, with a page. RABBITMQ_IMAGE names another image.
Exit codes: 0 all met, 1 missed, 2 could not measure.
`;

export interface Options {
  /** In the order in which they are run. */
  benchmarks: string[];
  /** Rounds at the size that is judged. */
  rounds: number;
  /** Tasks of each turn, of a benchmark that leaves it open. */
  messages?: number;
  /** The results of a run of the suite. */
  results?: string;
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
  results: { type: "string" },
  json: { type: "string" },
  quick: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/**
 * @param known every benchmark there is.
 * @throws {SetupError} that names the argument which makes no sense.
 */
export function parseOptions(args: string[], known: string[]): Options {
  const { values, positionals } = parsed(args);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`There is no benchmark "${unknown}": ${known.join(", ")}\n${USAGE}`);
  }
  const { quick, help, json, results } = values;
  const rounds = wholeNumber("rounds", values.rounds) ?? (quick ? QUICK_ROUNDS : ROUNDS);
  const messages = wholeNumber("messages", values.messages);
  return {
    benchmarks: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
    rounds,
    quick,
    help,
    ...(messages === undefined ? {} : { messages }),
    ...(results === undefined ? {} : { results }),
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
