import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../errors.ts";
import { makeFolder } from "../scenario/make-folder.ts";
import { ORIGIN, originOf } from "../scenario/origin.ts";
import { RunDirectory } from "../scenario/run-directory.ts";
import { settingsWithoutSecrets } from "./config/effective-values.ts";
import { rerunCommand } from "./config/rerun-command.ts";
import type { Resolved } from "./config/resolve.ts";
import { withoutPassword } from "./config/without-password.ts";

/** Where an audit's result is, in its run directory. */
export const RESULT = "audit.json";

/**
 * Makes a run's directory, in which the result of an audit says from the beginning that there is
 * none: whoever finds it after a death of this process must not take it for one.
 *
 * @throws {SetupError} when the disk does not let it.
 */
export function beginRun(run: string, resolved: Resolved): void {
  const directory = RunDirectory.at(run);
  try {
    makeFolder(directory.path);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(
      `The run directory can't be made: ${message}\nSay where there is room for it: ACKPROOF_DIR=<folder>`,
      { cause },
    );
  }
  save(directory, resolved, "It is under way, or was killed.");
  directory.save(ORIGIN, originOf(run));
}

/** Says why there is no result; where nothing took place, nothing is kept. */
export function abandonRun(run: string, resolved: Resolved, reason: unknown): void {
  const directory = RunDirectory.at(run);
  try {
    if (!existsSync(join(directory.path, "trials"))) directory.discard();
    else save(directory, resolved, reason instanceof Error ? reason.message : String(reason));
  } catch {
    // The reason itself may be that the disk is full. It says so already.
  }
}

function save(directory: RunDirectory, resolved: Resolved, reason: string): void {
  const { options } = resolved;
  directory.save(RESULT, {
    outcome: "unfinished",
    headline: `This audit has no result. ${reason}`,
    command: options.command.map(withoutPassword),
    settings: settingsWithoutSecrets(options),
    rerun: rerunCommand(resolved),
  });
}
