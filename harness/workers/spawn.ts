import { closeSync, openSync } from "node:fs";
import { execa } from "execa";
import { SetupError } from "../errors.ts";

export interface Exit {
  code: number | null;
  signal: string | null;
}

export type Env = Record<string, string>;

interface Ended {
  exitCode?: number | undefined;
  signal?: string | undefined;
}

/**
 * Starts a command in a process group of its own.
 *
 * @throws {SetupError} when its log can't be written.
 */
export function spawn(name: string, [program, ...args]: string[], env: Env, logFile: string) {
  const log = openLog(name, logFile);
  try {
    return execa(program as string, args, {
      env,
      stdin: "ignore",
      // The file itself, not a pipe to it: a child that lives on with a pipe would hide the exit.
      stdout: log,
      stderr: log,
      detached: true,
      cleanup: false, // Its group is entrusted to the reaper, which a SIGKILL of ours can't stop.
      reject: false,
      buffer: false,
    });
  } finally {
    closeSync(log);
  }
}

function openLog(name: string, path: string) {
  try {
    return openSync(path, "a") as 3; // Any descriptor will do; execa's types know the first few.
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(`The log of ${name} can't be written: ${message}`, { cause });
  }
}

export async function exitOf(process: PromiseLike<Ended>): Promise<Exit> {
  const { exitCode, signal } = await process;
  return { code: exitCode ?? null, signal: signal ?? null };
}
