import { spawnSync } from "node:child_process";
import type { ExpectedSubject } from "../../../fixtures/subjects/expected.ts";

/** Can this subject be run on this machine? */
export function isInstalled({ check: [program, ...args] }: ExpectedSubject): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
