import { parseArgs } from "node:util";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { anySeed, parseSeed, type Seed } from "../explore/plan/seed.ts";
import { PLANTED, type PlantedName } from "../explore/world/planted.ts";

/** What `explore` is told on the command line. */
export interface ExploreArguments {
  seed: Seed;
  runs?: number;
  /** Milliseconds. */
  time?: number;
  /** A version such as `4.0`, or an image. */
  broker?: string;
  /** The directory of a find. */
  replay?: string;
  disturbed: "some" | "none" | "all";
  planted?: PlantedName;
  help: boolean;
}

const OPTIONS = {
  seed: { type: "string" },
  runs: { type: "string" },
  for: { type: "string" },
  broker: { type: "string" },
  replay: { type: "string" },
  "broker-faults": { type: "string", default: "some" },
  plant: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const RUNS = 100;

export const EXPLORE_USAGE = `Usage: ${commandLine("explore", "[options]")}
Draws workloads and faults at random, and judges each run by what the documentation permits. What
breaks a promise is shrunk to its shortest plan, run three times, and kept with a spec of it.

  --seed <number>         draws the same plans again; any other when left out
  --runs <number>         how many plans are drawn; ${RUNS} when left out
  --for <time>            goes on for so long instead: 90s, 10m, 1h
  --broker <version>      this broker instead of the default one: 4.0, or an image
  --broker-faults <some>  some (one run of eight), none, or all of the runs
  --replay <directory>    runs a kept find again, three times
  --plant <fault>         tests the explorer, until it has found a planted fault:
                          ${PLANTED.slice(0, 3).join(", ")},
                          ${PLANTED.slice(3).join(", ")}

The seed decides the commands and their order, and the moments at which faults strike. It can't
decide how the broker schedules its own processes, nor how fast this machine is.

Exit code: 0 no promise was broken, 1 one was, 2 a run proved nothing, 3 the machine could not do
it, or it was interrupted.`;

/** @throws {SetupError} that names the argument which makes no sense. */
export function parseExplore(args: string[]): ExploreArguments {
  const values = parsed(args);
  const { runs, for: time, broker, replay, plant, "broker-faults": disturbed, help } = values;
  if (runs !== undefined && time !== undefined) {
    throw new SetupError("--runs and --for both say when to end: choose one.");
  }
  if (!["some", "none", "all"].includes(disturbed)) {
    throw new SetupError(`--broker-faults is some, none or all, not "${disturbed}".`);
  }
  if (plant !== undefined && !(PLANTED as readonly string[]).includes(plant)) {
    throw new SetupError(`There is no fault "${plant}" to plant. There is ${PLANTED.join(", ")}.`);
  }
  return {
    seed: values.seed === undefined ? anySeed() : parseSeed(values.seed),
    ...(time === undefined ? { runs: countOf(runs ?? String(RUNS)) } : { time: timeOf(time) }),
    ...(broker === undefined ? {} : { broker }),
    ...(replay === undefined ? {} : { replay }),
    ...(plant === undefined ? {} : { planted: plant as PlantedName }),
    disturbed: disturbed as ExploreArguments["disturbed"],
    help,
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const told = `\`${commandLine("explore", "--help")}\` says what there is.`;
    throw new SetupError(`${(cause as Error).message}\n${told}`, { cause });
  }
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new SetupError(`--runs is a number from 1, not "${text}".`);
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

function timeOf(text: string): number {
  const [, number = "", unit = ""] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw new SetupError(`--for is a time such as 90s, 10m or 1h, not "${text}".`);
}
