import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { SetupError } from "../errors.ts";
import { shown } from "../report/audit-shown.ts";

/**
 * Makes sure that a command can be run, before any broker is started for it. It is looked up as the
 * operating system will do it: in the PATH that the worker is given, unless it is a path itself.
 *
 * @throws {SetupError} where it can't.
 */
export function requireCommand([program]: readonly [string, ...string[]], path: string): void {
  const name = shown(program);
  const hint = /\s/.test(program)
    ? "Write its words apart, and not as one: -- node worker.js"
    : undefined;
  if (program.includes("/")) {
    const hindrance = hindranceOf(resolve(program));
    if (hindrance === "absent") throw refusal(`There is no file ${name}.`, hint ?? FROM_HERE);
    if (hindrance) throw refusal(`${name} can't be run: ${hindrance}`, hint ?? BY_INTERPRETER);
    return;
  }
  const folders = path.split(delimiter).map((folder) => folder || ".");
  if (folders.some((folder) => hindranceOf(join(folder, program)) === undefined)) return;
  throw refusal(
    `There is no command "${name}" in PATH.`,
    hint ?? "Name one that is there, or its path: -- ./worker.sh",
  );
}

const FROM_HERE = "A path leads from the folder in which the audit is run.";
const BY_INTERPRETER = "Run it by its interpreter (-- node worker.js), or make it executable.";

/** Why a file can't be executed; undefined if it can. */
function hindranceOf(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return "it is a folder.";
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM" ? "it is not executable." : "absent";
  }
}

function refusal(what: string, remedy: string): SetupError {
  return new SetupError(`${what}\n${remedy}`);
}
