import { constants, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SetupError } from "../errors.ts";
import type { PageData } from "../report/html/data.ts";
import { isFolder, readJson } from "../report/html/read/files.ts";
import {
  type Foreign,
  MERGED,
  type MergedRun,
  machineOf,
  mergedPage,
  PARTS,
  readParts,
} from "../report/html/read/merged.ts";
import { kindOfRun, type Part, RESULTS, readPart } from "../report/html/read/part.ts";
import { sameShardTwice } from "../report/html/read/split.ts";
import { recordsIn, textIn } from "../report/html/view/plain.ts";
import { newRunId } from "../scenario/experiment.ts";
import { runsRoot } from "../scenario/run-directory.ts";

/** Folders below what was given in which runs are looked for: a download has one for each machine. */
const DEPTH = 3;

export interface Merged {
  page: PageData;
  run: MergedRun;
  /** The directory that holds all of it. */
  path: string;
}

/**
 * Makes one run of several: a directory that holds a copy of each, with the histories of what did
 * not hold, and so may be moved and uploaded by itself.
 *
 * @param given runs, merged runs, or folders in which there are some.
 * @param to the new directory; one among the runs when left out.
 * @param wanted `onlySuites` where the result is wanted in formats that suites alone have.
 * @throws {SetupError} before anything is written, where a path leads nowhere, what was given counts
 * twice, or something is no suite.
 */
export function mergeRuns(
  given: readonly string[],
  to?: string,
  { onlySuites = false }: { onlySuites?: boolean } = {},
): Merged {
  const found = given.map(runsAt);
  const parts = inOrder(found.flatMap((one) => one.parts));
  const foreign = found.flatMap((one) => one.foreign);
  requireOnce(parts);
  if (onlySuites) requireSuites(parts);
  const path = resolve(to ?? join(runsRoot(), `merged-${newRunId()}`));
  if (existsSync(path) && readdirSync(path).length > 0) {
    throw new SetupError(`${path} is not empty: a merged run needs a directory of its own.`);
  }
  try {
    copyAll(parts, join(path, PARTS));
    save(path, { parts, foreign });
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(`The merged run can't be written to ${path}: ${message}`, { cause });
  }
  // Read from the copies: what is missing there is missing on the page.
  const run = readParts(path);
  const page = mergedPage(run, basename(path));
  save(path, run, page);
  return { page, run, path };
}

/** What there is to be merged at a path. */
function runsAt(path: string): MergedRun {
  if (!existsSync(path)) throw new SetupError(`There is no run at ${path}.`);
  const folder = basename(path) === RESULTS ? dirname(path) : path;
  const found = isFolder(folder) ? runsBelow(folder, DEPTH) : { parts: [], foreign: [] };
  if (found.parts.length + found.foreign.length > 0) return found;
  return { parts: [], foreign: [{ name: basename(resolve(path)), problem: problemOf(path) }] };
}

function problemOf(path: string): string {
  if (existsSync(join(path, "manifest.json"))) {
    return "This is the history of one experiment: give the run that it is a part of.";
  }
  return "There is no run in it: no results.json, audit.json or manifest.json of a soak.";
}

function runsBelow(path: string, depth: number): MergedRun {
  if (existsSync(join(path, MERGED))) return readParts(path);
  const kind = kindOfRun(path);
  if (kind) return { parts: [readPart(path, kind)], foreign: [] };
  if (depth === 0 || existsSync(join(path, "manifest.json"))) return { parts: [], foreign: [] };
  const below = readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter(isFolder)
    .map((folder) => runsBelow(folder, depth - 1));
  return {
    parts: below.flatMap(({ parts }) => parts),
    foreign: below.flatMap(({ foreign }) => foreign),
  };
}

/** The same runs are the same merged run, in whatever order and in however many steps. */
function inOrder(parts: readonly Part[]): Part[] {
  const key = ({ name, identity, share }: Part) =>
    [String(share?.index ?? 0).padStart(6, "0"), name, identity].join("\n");
  return parts.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** @throws {SetupError} where the account of the same tasks would be added to itself. */
function requireOnce(parts: readonly Part[]): void {
  const seen = new Map<string, Part>();
  for (const part of parts) {
    const same = seen.get(part.identity);
    if (same) {
      const where = same.path === part.path ? same.path : `${same.path} and ${part.path}`;
      throw new SetupError(`The same run is there twice, and would be counted twice: ${where}.`);
    }
    seen.set(part.identity, part);
  }
  const twice = sameShardTwice(parts);
  if (twice !== undefined) throw new SetupError(twice);
}

/** @throws {SetupError} that names the first which has no place in a suite's formats. */
function requireSuites(parts: readonly Part[]): void {
  const other = parts.find(({ kind }) => kind !== "suite");
  if (!other) return;
  throw new SetupError(
    `--json, --junit and --markdown with --merge are of suites alone, and ${other.path} is ` +
      `${other.kind === "audit" ? "an audit" : `a ${other.kind}`}: nothing was merged. Leave them ` +
      "out for the page and the exit code of the whole; of an audit alone they can be had " +
      "without --merge.",
  );
}

function copyAll(parts: Part[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) {
    const from = part.path;
    // Machines name their runs without knowing of each other.
    const taken = (name: string) => existsSync(join(folder, name));
    const { name } = part;
    for (let n = 2; taken(part.name); n++) part.name = `${name}-${n}`;
    copy(from, join(folder, part.name));
    for (const history of historiesOf(part)) copy(join(from, "..", history), join(folder, history));
  }
}

/** The histories that a suite leads to. They lie beside it, and so they do here. */
function historiesOf({ path, kind }: Part): string[] {
  if (kind !== "suite") return [];
  const { specs } = readJson(path, RESULTS, () => {}) ?? {};
  const names = recordsIn(specs).flatMap(({ run }) => {
    const [, name] = /^\.\.[\\/]([^\\/]+)$/.exec(textIn(run) ?? "") ?? [];
    return name === undefined || name.startsWith(".") ? [] : name;
  });
  return names.filter((name) => isFolder(join(path, "..", name)));
}

function copy(from: string, to: string): void {
  if (existsSync(to)) return; // Two specs of one history, or the same one of two merged runs.
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Which parts there are, and for machines what came of them. */
function save(path: string, { parts, foreign }: MergedRun, page?: PageData): void {
  const merged = {
    ...(page && {
      outcome: page.outcome,
      sentence: page.sentence,
      reasons: page.reasons,
      missing: page.missing,
      account: page.account,
    }),
    parts: parts.map(partSaved),
    foreign: foreign satisfies Foreign[],
  };
  writeFileSync(join(path, MERGED), `${JSON.stringify(merged, null, 2)}\n`);
}

function partSaved({ name, kind, page, share, origin }: Part) {
  const { outcome, sentence, account } = page;
  return {
    name,
    kind,
    outcome,
    sentence,
    account,
    ...(share && { shard: { index: share.index, count: share.count } }),
    machine: machineOf(origin).join(", "),
  };
}
