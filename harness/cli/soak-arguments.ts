import { parseArgs } from "node:util";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import type { QueueType } from "../history/event.ts";
import { QUEUE_TYPES } from "../report/families.ts";

export const SOAK_USAGE = `Usage: ${commandLine("soak", "[options]")}
A producer and two workers at full speed, kills by a seeded schedule, and the exact account of every
task by its id.

  --messages <n>            how many tasks; 100000 when left out
  --seed <n>                decides when something is killed, and who; drawn when left out
  --worker-kills <n>        SIGKILLs of workers; one for 5000 tasks when left out, and at most 20
  --broker-kills <n>        SIGKILLs of the broker; one for 20000 when left out, and at most 3
  --queue classic|quorum    the type of the queue; classic when left out
  --broker <version|image>  this broker instead of the default one: 4.0, or rabbitmq:4.1
  --broker amqp://...       one that somebody else runs: only workers are killed

Exit code: 0 held, 1 broken, 2 inconclusive, 3 the machine could not do it.`;

/** What `soak` is told on the command line. */
export interface SoakArguments {
  messages: number;
  /** Undefined where one is to be drawn. */
  seed: number | undefined;
  workerKills: number;
  brokerKills: number;
  queueType: QueueType;
  /** An image, a version, or a URL; the default one when undefined. */
  broker: string | undefined;
  help: boolean;
}

const MESSAGES = 100_000;

/** Tasks for each kill, and the most kills, unless it is asked for others. */
const FOR_WORKER_KILL = 5_000;
const WORKER_KILLS = 20;
const FOR_BROKER_KILL = 20_000;
const BROKER_KILLS = 3;

const OPTIONS = {
  messages: { type: "string" },
  seed: { type: "string" },
  "worker-kills": { type: "string" },
  "broker-kills": { type: "string" },
  queue: { type: "string" },
  broker: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** @throws {SetupError} that names the argument which makes no sense. */
export function parseSoak(args: string[]): SoakArguments {
  const values = parsed(args);
  const { queue = "classic", broker, help } = values;
  if (!isQueueType(queue)) {
    throw new SetupError(`--queue is ${QUEUE_TYPES.join(" or ")}, not "${queue}".`);
  }
  const number = (name: NumberName, least: number, otherwise: number) =>
    values[name] === undefined ? otherwise : wholeNumber(name, values[name], least);
  const messages = number("messages", 1, MESSAGES);
  const isGiven = broker?.includes("://") ?? false;
  const workers = Math.min(WORKER_KILLS, Math.floor(messages / FOR_WORKER_KILL));
  const brokers = isGiven ? 0 : Math.min(BROKER_KILLS, Math.floor(messages / FOR_BROKER_KILL));
  const brokerKills = number("broker-kills", 0, brokers);
  if (isGiven && brokerKills > 0) {
    throw new SetupError("--broker-kills needs a broker of its own: this one is not ours to kill.");
  }
  return {
    messages,
    seed: values.seed === undefined ? undefined : number("seed", 0, 0),
    workerKills: number("worker-kills", 0, workers),
    brokerKills,
    queueType: queue,
    broker,
    help,
  };
}

type NumberName = "messages" | "seed" | "worker-kills" | "broker-kills";

/** Seeds have 32 bits, and so much for every other number as well. */
const MOST = 2 ** 31 - 1;

function wholeNumber(name: NumberName, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= MOST) return value;
  throw new SetupError(`--${name} is a whole number from ${least} to ${MOST}, not "${text}".`);
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const help = commandLine("soak", "--help");
    throw new SetupError(`${(cause as Error).message}\n\`${help}\` says what there is.`, { cause });
  }
}

function isQueueType(text: string): text is QueueType {
  return (QUEUE_TYPES as readonly string[]).includes(text);
}
