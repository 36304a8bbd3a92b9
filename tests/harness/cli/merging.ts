/** Real runs to be merged: a suite of three families, once whole and once as three shards. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { report } from "../../../harness/cli/report.ts";
import type { PageData } from "../../../harness/report/html/data.ts";
import { readRun } from "../../../harness/report/html/read/run.ts";
import { folder } from "../report/html/saved-run.ts";
import { page } from "../report/specs.ts";

/** The account of the whole, and so of the three shards together. */
export const WHOLE = {
  published: 143,
  confirmed: 143,
  completed: 138,
  duplicated: 3,
  discarded: 1,
  remaining: 1,
};

export type SavedSuite = "whole" | "shard-1" | "shard-2" | "shard-3";

/** A copy of a saved run, with what a test has changed in its results and in where it comes from. */
export function savedSuite(
  name: SavedSuite,
  change: (results: Results, origin: Record<string, unknown>) => void = () => {},
): string {
  const path = join(folder(), name);
  cpSync(join(import.meta.dirname, "merging", name), path, { recursive: true });
  const [results, origin] = ["results.json", "origin.json"].map((file) => json(path, file));
  change(results as unknown as Results, origin as Record<string, unknown>);
  for (const [file, value] of Object.entries({ results, origin })) {
    writeFileSync(join(path, `${file}.json`), JSON.stringify(value));
  }
  return path;
}

/** What tests change. */
export interface Results {
  failed: number;
  specs: { outcome: string; account: Record<string, number>; broker: object; run?: string }[];
  shard: { index: number; files: string[]; of: Record<string, unknown> };
}

export function shards(): string[] {
  return (["shard-1", "shard-2", "shard-3"] as const).map((name) => savedSuite(name));
}

export interface MergeAnswer {
  code: number;
  said: string;
  /** Where the merged run is. */
  path: string;
  data: PageData;
}

/** `report --merge`, as a user types it. */
export async function merged(...runs: string[]): Promise<MergeAnswer> {
  const path = join(folder(), "merged");
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const outlook = { paper: page(), say, interruption: new Interruption() };
  const code = await report(["--merge", ...runs, "--out", path], outlook);
  return { code, said: said.join("\n"), path, data: readRun(path) };
}

export function json(path: string, file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(path, file), "utf8"));
}
