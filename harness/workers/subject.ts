import { closeSync, openSync } from "node:fs";
import { execa } from "execa";
import { SetupError } from "../errors.ts";
import type { History } from "../history/history.ts";
import { entrust } from "../reaper/reaper.ts";
import { MissedDeadline, within } from "../until.ts";

export interface SubjectOptions {
  name: string;
  /** Program and arguments. Run as it is, without a shell that would stand before its signals. */
  command: [string, ...string[]];
  env: Env;
  /** Where its standard output and error go. */
  logFile: string;
  history: History;
}

export interface Exit {
  code: number | null;
  signal: string | null;
}

type Env = Record<string, string>;

interface Ended {
  exitCode?: number | undefined;
  signal?: string | undefined;
}

export type SubjectState = "running" | "paused" | "terminated";

/** Time for a signalled subject to be gone. */
const DEATH_DEADLINE = 10_000;

/** Time for a subject that was asked to leave. */
const GRACE = 5_000;

/** A program under test: a process group of its own, whose every end is witnessed. */
export class Subject {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #history: History;
  #state: SubjectState = "running";

  private constructor(name: string, pid: number, ending: Promise<Exit>, history: History) {
    this.name = name;
    this.pid = pid;
    this.#history = history;
    const done = entrust(`group ${pid}`);
    this.exited = ending.then((exit) => {
      this.#state = "terminated";
      this.#signalGroup("SIGKILL"); // What its leader left behind.
      done();
      history.record({ type: "process-exited", subject: name, pid, ...exit });
      return exit;
    });
  }

  /** @throws {SetupError} when the command can't be run, or its log can't be written. */
  static async start({ name, command, env, logFile, history }: SubjectOptions): Promise<Subject> {
    const process = spawn(name, command, env, logFile);
    if (process.pid === undefined) {
      const { originalMessage } = await process;
      throw new SetupError(
        `${name} can't be started: ${originalMessage}. Its command was: ${command.join(" ")}`,
      );
    }
    history.record({ type: "process-started", subject: name, pid: process.pid, command });
    return new Subject(name, process.pid, exitOf(process), history);
  }

  get state(): SubjectState {
    return this.#state;
  }

  /** SIGKILL of the whole group. Asserts that the subject died of it. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    const exit = await this.#gone();
    if (exit.signal !== "SIGKILL") {
      throw new Error(`${this.name} was sent SIGKILL, but ended by itself: ${describe(exit)}`);
    }
  }

  /**
   * SIGTERM, and time to leave in order. A SIGKILL could overtake an ack that the broker has read
   * and not yet processed: RabbitMQ drops such acks when the connection ends without a goodbye.
   */
  async stop(): Promise<Exit> {
    if (this.#state === "terminated") return this.exited;
    this.signal("SIGTERM");
    try {
      return await within(`${this.name} to leave`, this.exited, GRACE);
    } catch (error) {
      if (error instanceof MissedDeadline) return this.end();
      throw error;
    }
  }

  /** Makes sure that it is gone, when all is over: how it ended no longer matters. */
  end(): Promise<Exit> {
    if (this.#state !== "terminated") this.signal("SIGKILL");
    return this.#gone();
  }

  /** Sends a signal to the whole group. */
  signal(signal: NodeJS.Signals): void {
    if (this.#state === "terminated") {
      throw new Error(`${this.name} has already ended, and can't be sent ${signal}`);
    }
    this.#history.record({ type: "process-signalled", subject: this.name, pid: this.pid, signal });
    this.#signalGroup(signal);
    if (signal === "SIGSTOP") this.#state = "paused";
    if (signal === "SIGCONT") this.#state = "running";
  }

  #gone(): Promise<Exit> {
    return within(`${this.name} to die of SIGKILL`, this.exited, DEATH_DEADLINE);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function spawn(name: string, [program, ...args]: string[], env: Env, logFile: string) {
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

async function exitOf(process: PromiseLike<Ended>): Promise<Exit> {
  const { exitCode, signal } = await process;
  return { code: exitCode ?? null, signal: signal ?? null };
}

export function describe({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}
