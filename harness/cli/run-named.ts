import { existsSync } from "node:fs";
import { join } from "node:path";
import { runsRoot } from "../scenario/run-directory.ts";

/** Where a run is that a user names, by its path or by its id alone. */
export function runNamed(name: string): string {
  if (existsSync(name)) return name;
  const byId = join(runsRoot(), name);
  return existsSync(byId) ? byId : name;
}
