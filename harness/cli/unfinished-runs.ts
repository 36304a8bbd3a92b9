import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, runsRoot } from "../scenario/run-directory.ts";

/**
 * The directories of specs that had begun and were not allowed to end.
 *
 * @param titles of those specs.
 * @param since when this process began, in milliseconds since 1970: older runs are of others.
 */
export function unfinishedRuns(titles: readonly string[], since: number): string[] {
  return runs().filter((path) => {
    const manifest = manifestOf(path);
    if (!manifest) return false;
    return titles.includes(manifest.title) && Date.parse(manifest.startedAt) >= since;
  });
}

function runs(): string[] {
  const root = runsRoot();
  try {
    return readdirSync(root, { encoding: "utf8" })
      .sort()
      .map((name) => join(root, name));
  } catch {
    return []; // None was ever kept.
  }
}

function manifestOf(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(path, "manifest.json"), "utf8"));
  } catch {
    return undefined; // It was interrupted even before this was written.
  }
}
