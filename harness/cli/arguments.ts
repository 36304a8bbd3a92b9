import { parseArgs } from "node:util";
import { SetupError } from "../errors.ts";
import type { QueueType } from "../history/event.ts";
import { QUEUE_TYPES } from "../report/families.ts";
import { type OutputFiles, requireFolders } from "../report/output-files.ts";
import type { Shard } from "../report/shard.ts";

/** What `guarantees`, `disasters` and `test` are told on the command line. */
export interface Selection {
  /** Spec files by their names; all where there is none. */
  families: string[];
  /** A part of a promise, as it is. */
  promise?: string;
  queue?: QueueType;
  /** A version such as `4.0`, or an image. */
  broker?: string;
  allBrokers: boolean;
  /** Only this part of the test files. */
  shard?: Shard;
  /** Whether the document is to be written. */
  write: boolean;
  /** Where else the result is wanted. */
  files: OutputFiles;
  help: boolean;
}

/** In which formats the result can be had, for parsers. */
export const FORMAT_OPTIONS = {
  json: { type: "string" },
  junit: { type: "string" },
  markdown: { type: "string" },
} as const;

/** The same for people. */
export const FORMAT_USAGE = `
  --json <file>             writes the result as JSON, which ackproof/suite-schema.json describes
  --junit <file>            ... as JUnit XML
  --markdown <file>         ... as Markdown`;

const SHARED = {
  promise: { type: "string", short: "t" },
  queue: { type: "string" },
  broker: { type: "string" },
  "all-brokers": { type: "boolean", default: false },
  shard: { type: "string" },
  ...FORMAT_OPTIONS,
  help: { type: "boolean", short: "h", default: false },
} as const;
const OPTIONS = { ...SHARED, write: { type: "boolean", default: false } } as const;

/** @throws {SetupError} that names the argument which makes no sense, or has no place to write to. */
export function parseSelection(command: string, args: string[]): Selection {
  const { values, positionals } = parsed(command, args);
  const { promise, queue, broker, write, json, junit, markdown } = values;
  const files = { json, junit, markdown };
  if (queue !== undefined && !isQueueType(queue)) {
    throw new SetupError(`--queue is ${QUEUE_TYPES.join(" or ")}, not "${queue}".`);
  }
  if (broker !== undefined && values["all-brokers"]) {
    throw new SetupError("--broker names one broker and --all-brokers means all: choose one.");
  }
  if (values.shard !== undefined && values["all-brokers"]) {
    throw new SetupError("--shard splits the run on one broker: name it with --broker instead.");
  }
  const parts = [promise && "-t", queue && "--queue", ...positionals].filter(Boolean);
  if (write && parts.length > 0) {
    throw new SetupError(`--write is of the whole document, and ${parts[0]} selects a part of it.`);
  }
  if (write && !values["all-brokers"]) {
    throw new SetupError("--write needs --all-brokers: the document is of every version.");
  }
  if (!values.help) requireFolders(files);
  return {
    families: positionals,
    allBrokers: values["all-brokers"],
    write,
    files,
    help: values.help,
    ...(promise === undefined ? {} : { promise }),
    ...(queue === undefined ? {} : { queue }),
    ...(broker === undefined ? {} : { broker }),
    ...(values.shard === undefined ? {} : { shard: shardIn(values.shard) }),
  };
}

/** The pattern that vitest compares a test's whole title with; undefined for every test. */
export function titlePattern({ promise = "", queue }: Selection): string | undefined {
  const literal = promise.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  if (queue !== undefined) return `${literal}.* · ${queue}$`;
  return literal === "" ? undefined : literal;
}

/** The same selection as arguments of another process, for a broker that it is told otherwise. */
export function selectionArguments({ families, promise, queue }: Selection): string[] {
  return [
    ...families,
    ...(promise === undefined ? [] : ["-t", promise]),
    ...(queue === undefined ? [] : ["--queue", queue]),
  ];
}

function parsed(command: string, args: string[]) {
  try {
    if (command === "guarantees")
      return parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const allowPositionals = command === "disasters";
    const { values, positionals } = parseArgs({ args, options: SHARED, allowPositionals });
    return { values: { ...values, write: false }, positionals };
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(`${message}\n\`npm run ${command} -- --help\` says what there is.`, {
      cause,
    });
  }
}

/** `1/2` is the first of two. */
function shardIn(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new SetupError(`--shard is <index>/<count>, such as 1/2 and 2/2, not "${text}".`);
}

function isQueueType(text: string): text is QueueType {
  return (QUEUE_TYPES as readonly string[]).includes(text);
}
