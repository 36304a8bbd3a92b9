import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Unfinished } from "../report/reporter.ts";
import { type Manifest, runsRoot } from "../scenario/run-directory.ts";

/** The directories of specs that had begun and were not allowed to end. */
export function unfinishedRuns(specs: readonly Unfinished[]): string[] {
  const since = Math.min(...specs.map((spec) => spec.since));
  return recent(since).filter((path) => {
    const manifest = manifestOf(path);
    return specs.some(
      ({ title, since }) => title === manifest?.title && Date.parse(manifest.startedAt) >= since,
    );
  });
}

function recent(since: number): string[] {
  const root = runsRoot();
  try {
    return readdirSync(root)
      .map((name) => join(root, name))
      .filter((path) => statSync(path).mtimeMs >= since)
      .sort();
  } catch {
    return []; // No run has left anything, or one is being discarded.
  }
}

function manifestOf(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(path, "manifest.json"), "utf8"));
  } catch {
    return undefined; // It was interrupted even before this was written.
  }
}
