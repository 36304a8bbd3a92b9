import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SetupError } from "../errors.ts";
import { RunDirectory, runsRoot } from "../scenario/run-directory.ts";
import type { Accusation } from "./model/accusation.ts";
import type { Plan } from "./plan/command.ts";
import { isPlan } from "./plan/read.ts";
import { GENERATOR } from "./plan/seed.ts";
import { PLANTED, type PlantedName } from "./world/planted.ts";

const FILE = "exploration.json";

/** A plan that was found to break a promise, as it is kept beside its run. */
export interface SavedRun {
  /** The version of the commands. */
  generator: number;
  seed: string;
  /** Which run of the exploration drew it. */
  number: number;
  broker: { image: string; version: string };
  planted?: PlantedName;
  plan: Plan;
  /** What it was shrunk from. */
  drawn: Plan;
  accusations: Accusation[];
  /** How often it broke, of how many times it was run again. */
  repeated: { broken: number; of: number };
}

/** Keeps it in the directory of its run. */
export function saveRun(path: string, saved: Omit<SavedRun, "generator">, spec: string): void {
  const directory = RunDirectory.at(basename(path));
  directory.save(FILE, { generator: GENERATOR, ...saved });
  directory.save("found.spec.ts", spec);
}

/**
 * Reads it again.
 *
 * @param run its directory, or its name among the runs here.
 * @throws {SetupError} when there is none, or it was written by another version.
 */
export function readSavedRun(run: string): SavedRun {
  const [file, text] = read(run);
  const saved = parse(file, text);
  if (saved.generator !== GENERATOR) {
    throw new SetupError(
      `${file} was written by version ${saved.generator} of the explorer, and this is version ` +
        `${GENERATOR}: its commands may mean something else. Replay it with the ackproof that wrote it.`,
    );
  }
  const { planted } = saved;
  if (!isPlan(saved.plan) || (planted !== undefined && !PLANTED.includes(planted))) {
    throw new SetupError(`${file} is not a saved run: it holds commands that there are not.`);
  }
  return saved as SavedRun;
}

function read(run: string): [file: string, text: string] {
  for (const file of [join(run, FILE), join(runsRoot(), run, FILE)]) {
    try {
      return [file, readFileSync(file, "utf8")];
    } catch {
      // It may be in the other place; if not, that is said below.
    }
  }
  throw new SetupError(
    `There is no ${FILE} in ${run}: name the directory that a find was kept in.`,
  );
}

function parse(file: string, text: string): Partial<SavedRun> {
  try {
    const value = JSON.parse(text);
    if (typeof value?.generator === "number") return value;
  } catch {
    // Said below.
  }
  throw new SetupError(`${file} is not a saved run: it was cut off, or something else wrote it.`);
}
