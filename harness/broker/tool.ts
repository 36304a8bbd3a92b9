import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa, type Options } from "execa";
import { SetupError } from "../errors.ts";

/** A command of the operating system ended badly. */
export class ToolFailure extends Error {
  override name = "ToolFailure";
  /** What it wrote, standard output and error together. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

const LAST_LINES = 8;

/**
 * Where administrators' commands are found, whatever the PATH of this user, and English messages,
 * because some of them are read here.
 */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const path = [process.env.PATH, "/usr/local/sbin", "/usr/sbin", "/sbin"]
    .filter(Boolean)
    .join(":");
  return { ...process.env, PATH: path, LC_ALL: "C" };
}

export interface ToolOptions extends Pick<Options, "cancelSignal" | "killSignal" | "detached"> {
  /** What to call it in messages, where another command runs it. */
  title?: string;
}

/**
 * Runs a command to its end, without a terminal.
 *
 * @returns what it wrote.
 * @throws {ToolFailure} when it fails, {SetupError} when it isn't installed, and the signal's
 * reason when it was cancelled.
 */
export async function runTool(
  file: string,
  args: string[],
  { title = file, cancelSignal, ...options }: ToolOptions = {},
): Promise<string> {
  const result = await execa(file, args, {
    ...options,
    ...(cancelSignal ? { cancelSignal } : {}),
    env: toolEnvironment(),
    stdin: "ignore",
    all: true,
    reject: false,
  });
  cancelSignal?.throwIfAborted();
  const output = result.all ?? "";
  if (!result.failed) return output;
  if (result.code === "ENOENT") throw new SetupError(`The command ${file} is not installed.`);
  const end = result.signal ?? `exit code ${result.exitCode}`;
  throw new ToolFailure(`${title} ended with ${end}`, output);
}

/** The path of a command, if it is installed. */
export function findCommand(name: string): string | undefined {
  const folders = toolEnvironment().PATH?.split(delimiter) ?? [];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The end of a command's output, indented under the message that it explains. */
export function lastLines(output: string, count = LAST_LINES): string {
  const lines = stripVTControlCharacters(output)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  return lines
    .slice(-count)
    .map((line) => `\n  ${line.trimEnd()}`)
    .join("");
}
