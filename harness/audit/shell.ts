import { execa } from "execa";
import { entrust } from "../reaper/reaper.ts";
import { MissedDeadline, within } from "../until.ts";

/** Milliseconds that a command of the user's may take. */
const DEADLINE = 30_000;

/** Bytes that it may print, to either output. */
const MOST = 10 * 1024 * 1024;

/** The lines of its standard error that tell most. */
const LAST_LINES = 5;

/** Exit codes by which a shell says that it could not even begin. */
const SHELL_SAYS: Readonly<Record<number, string>> = {
  126: "it can't be executed",
  127: "it was not found",
};

export interface ShellCommand {
  /** What it is to the user, to begin a sentence with: `The probe`. */
  name: string;
  command: string;
  /** Variables besides the harness's own environment. */
  env: Record<string, string>;
  /** What it can read from its standard input. */
  input?: string;
  /** Milliseconds. */
  deadline?: number;
}

/** A command of the user's did not do its part. The message says how it went, and shows it. */
export class ShellFailure extends Error {
  override name = "ShellFailure";
}

/**
 * Runs a command by a shell, and returns what it has printed. Nothing of it runs afterwards: what it
 * left behind is killed.
 *
 * @throws {ShellFailure} when it fails, takes too long or prints too much.
 */
export async function runShell(asked: ShellCommand): Promise<string> {
  const { name, command, env, input = "", deadline = DEADLINE } = asked;
  const child = execa(command, {
    shell: true,
    env,
    input,
    detached: true, // A group of its own, which ends as a whole.
    cleanup: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MOST,
  });
  const done = child.pid === undefined ? () => {} : entrust(`group ${child.pid}`);
  // What it left in the background would keep its outputs open.
  child.nodeChildProcess.once("exit", () => killGroup(child.pid));
  try {
    const result = await within(name, child, deadline);
    const reason = reasonOf(result);
    if (reason === undefined) return result.stdout;
    throw new ShellFailure(`${name} ${reason}: ${command}${lastLines(result.stderr)}`);
  } catch (error) {
    if (!(error instanceof MissedDeadline)) throw error;
    const seconds = deadline / 1000;
    throw new ShellFailure(`${name} was not done after ${seconds} s, and was killed: ${command}`);
  } finally {
    killGroup(child.pid);
    await child;
    done();
  }
}

interface Ended {
  exitCode?: number | undefined;
  signal?: string | undefined;
  isMaxBuffer: boolean;
  originalMessage?: string | undefined;
}

/** Why it can't be relied on; undefined if it can. */
function reasonOf({ exitCode, signal, isMaxBuffer, originalMessage }: Ended): string | undefined {
  if (isMaxBuffer) return `printed more than ${MOST / 1024 / 1024} MB`;
  if (signal !== undefined) return `was killed by ${signal}`;
  if (exitCode === undefined) return `could not be run (${originalMessage})`;
  if (exitCode === 0) return undefined;
  const says = SHELL_SAYS[exitCode];
  return `failed with exit code ${exitCode}${says ? ` (${says})` : ""}`;
}

function lastLines(stderr: string): string {
  const lines = stderr.trimEnd().split("\n").slice(-LAST_LINES);
  const said = lines.map((line) => `\n  ${line.slice(0, 400)}`).join("");
  return stderr.trim() === "" ? "" : `\nIt said:${said}`;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // All of it had ended.
  }
}
