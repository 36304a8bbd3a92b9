import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { QUEUE_TYPES } from "../../families.ts";
import type { Share } from "../../shard.ts";
import type { Column, PageData } from "../data.ts";
import { cleaned } from "../view/clean.ts";
import { recordIn, textIn } from "../view/plain.ts";
import { readAudit } from "./audit.ts";
import { readJson } from "./files.ts";
import { shareIn } from "./share.ts";
import { readSingle } from "./single.ts";
import { readSuite } from "./suite.ts";

/** The name under which the results of a suite are kept. */
export const RESULTS = "results.json";

export type PartKind = "suite" | "audit" | "soak";

/** One of several runs that are merged: what it found, which it is, and where it ran. */
export interface Part {
  path: string;
  /** The name that its directory was made with. */
  name: string;
  kind: PartKind;
  /** The same for every copy of the same run, and for no other. */
  identity: string;
  page: PageData;
  /** What it was one of, where it was a part of a split suite. */
  share: Share | undefined;
  /** Where its answer stands, if it is but one. */
  column: Column;
  /** What it ran on; empty where nothing tells. */
  origin: Record<string, unknown>;
}

/**
 * What kind of run is kept in a directory; undefined of what is none by itself. The history of one
 * spec is a part of its suite's run.
 */
export function kindOfRun(path: string): PartKind | undefined {
  if (existsSync(join(path, "audit.json")) || existsSync(join(path, "trials"))) return "audit";
  if (existsSync(join(path, RESULTS))) return "suite";
  return recordOf(path, "manifest.json").soak === undefined ? undefined : "soak";
}

/** Reads a run as far as it is there. */
export function readPart(path: string, kind: PartKind): Part {
  const origin = cleaned(recordOf(path, "origin.json"));
  const name = ownName(origin) ?? basename(resolve(path));
  return {
    path,
    name,
    kind,
    identity: textIn(origin.run) ?? digestOf(path),
    page: cleaned(READERS[kind](path, name)),
    share: kind === "suite" ? cleaned(shareIn(recordOf(path, RESULTS).shard)) : undefined,
    column: columnOf(path, kind),
    origin,
  };
}

/** A name is no path. */
function ownName({ run }: Record<string, unknown>): string | undefined {
  return typeof run === "string" && /^\w[\w.-]*$/.test(run) ? run : undefined;
}

const READERS: Record<PartKind, (path: string, name: string) => PageData> = {
  suite: (path, name) => readSuite(join(path, RESULTS), name),
  audit: (path, name) => readAudit(path, name, []),
  soak: (path, name) => readSingle(path, name, []),
};

/** A run of before it was kept where it comes from: its times alone make it differ from others. */
function digestOf(path: string): string {
  const hash = createHash("sha256");
  for (const file of ["audit.json", RESULTS, "manifest.json", "verdict.json"]) {
    const whole = join(path, file);
    if (existsSync(whole)) hash.update(file).update(readFileSync(whole));
  }
  return hash.digest("hex");
}

function columnOf(path: string, kind: PartKind): Column {
  const { broker, settings, soak } =
    kind === "audit" ? recordOf(path, "audit.json") : recordOf(path, "manifest.json");
  const { queueType } = recordIn(kind === "audit" ? settings : soak);
  const [known = null] = QUEUE_TYPES.filter((type) => type === queueType);
  return { broker: cleaned(textIn(recordIn(broker).version) ?? ""), queueType: known };
}

/** What it lacks is told where the run itself is read. */
function recordOf(path: string, file: string): Record<string, unknown> {
  return readJson(path, file, () => {}) ?? {};
}
