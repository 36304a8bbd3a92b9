import { randomUUID } from "node:crypto";
import { SetupError } from "../errors.ts";
import type { History } from "../history/history.ts";
import { killMarked, MARK, marked, processes, signalIfThere } from "../reaper/processes.ts";
import { entrust } from "../reaper/reaper.ts";
import { MissedDeadline, ticks, until, within } from "../until.ts";
import { type Env, type Exit, exitOf, spawn } from "./spawn.ts";

export type { Exit } from "./spawn.ts";

export interface SubjectOptions {
  name: string;
  /** Program and arguments. Run as it is, without a shell that would stand before its signals. */
  command: [string, ...string[]];
  env: Env;
  /** Where its standard output and error go. */
  logFile: string;
  history: History;
}

export type SubjectState = "running" | "paused" | "leaving" | "terminated";

/** Time for a signalled subject to be gone. */
const DEATH_DEADLINE = 10_000;

/** Time for a subject that was asked to leave. */
const GRACE = 5_000;

/** Time for stopped processes to stand still. */
const STOP_DEADLINE = 5_000;

/** The longest that a timer can be set for. */
const FOREVER = 2 ** 31 - 1;

/** A program under test: a process group of its own, whose every end is witnessed. */
export class Subject {
  readonly name: string;
  readonly pid: number;
  /** Resolves when nothing of it is left. */
  readonly exited: Promise<Exit>;
  readonly #history: History;
  readonly #mark: string;
  #state: SubjectState = "running";
  #wasKilled = false;
  /** The process that was started has ended; of its group there may be more. */
  #isHeadless = false;
  #left = 0;

  private constructor({ name, history }: SubjectOptions, process: Started) {
    this.name = name;
    this.pid = process.pid;
    this.#history = history;
    this.#mark = process.mark;
    const done = [entrust(`group ${this.pid}`), process.dismiss];
    this.exited = process.ending.then(async (exit) => {
      this.#isHeadless = true;
      if (this.#state === "leaving") await this.#groupLeft();
      this.#state = "terminated";
      this.#endRest();
      for (const each of done) each();
      history.record({ type: "process-exited", subject: name, pid: this.pid, ...exit });
      return exit;
    });
  }

  /** @throws {SetupError} when the command can't be run, or its log can't be written. */
  static async start(options: SubjectOptions): Promise<Subject> {
    const { name, command, env, logFile, history } = options;
    const mark = randomUUID();
    // Before it is there: a SIGKILL of ours may come in between.
    const dismiss = entrust(`marked ${mark}`);
    const process = spawn(name, command, { ...env, [MARK]: mark }, logFile);
    if (process.pid === undefined) {
      dismiss();
      const { originalMessage } = await process;
      throw new SetupError(
        `${name} can't be started: ${originalMessage}. Its command was: ${command.join(" ")}`,
      );
    }
    history.record({ type: "process-started", subject: name, pid: process.pid, command });
    return new Subject(options, { pid: process.pid, mark, dismiss, ending: exitOf(process) });
  }

  get state(): SubjectState {
    return this.#state;
  }

  /**
   * How many processes it left running when it had ended: in its group where it ended by itself and
   * they did not, and in groups of their own (daemons) in any case. They are killed. On Linux only;
   * 0 elsewhere.
   */
  get left(): number {
    return this.#left;
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
    if (signal === "SIGKILL") this.#beforeKill();
    signalIfThere(-this.pid, signal);
    const state = STATES[signal];
    if (state) this.#state = state;
  }

  /**
   * SIGSTOP of the whole group.
   *
   * @returns how many processes the operating system shows as stopped: all of the group.
   */
  async pause(): Promise<number> {
    this.signal("SIGSTOP");
    const states = () => this.#group().map(({ state }) => state);
    const stopped = () => states().every((state) => STOPPED.includes(state)) && states().length;
    const lastSeen = () => `states: ${states().join(" ")}`;
    const wait = { deadline: STOP_DEADLINE, lastSeen };
    return until(`${this.name} to stand still`, ticks, () => stopped() || undefined, wait);
  }

  #gone(): Promise<Exit> {
    return within(`${this.name} to die of SIGKILL`, this.exited, DEATH_DEADLINE);
  }

  #group() {
    return processes().filter(({ group }) => group === this.pid);
  }

  /** A wrapper that was told to leave may do so before what it wraps: that has its time as well. */
  async #groupLeft(): Promise<void> {
    const isEmpty = () => !signalIfThere(-this.pid, 0) || this.#group().length === 0;
    await until(`all of ${this.name} to leave`, ticks, isEmpty, { deadline: FOREVER });
  }

  #beforeKill(): void {
    this.#wasKilled = true;
    if (this.#isHeadless) this.#left = this.#group().length;
  }

  /** What is killed as a group dies as one; what else there is was left behind. */
  #endRest(): void {
    const rest = marked(this.#mark);
    this.#left += rest.filter(({ group }) => !this.#wasKilled || group !== this.pid).length;
    signalIfThere(-this.pid, "SIGKILL");
    killMarked(this.#mark);
  }
}

interface Started {
  pid: number;
  mark: string;
  /** Takes what bears the mark out of the reaper's care. */
  dismiss(): void;
  ending: Promise<Exit>;
}

/** What a signal makes of a subject. */
const STATES: Partial<Record<NodeJS.Signals, SubjectState>> = {
  SIGSTOP: "paused",
  SIGCONT: "running",
  SIGTERM: "leaving",
};

/** Stopped by a signal, or by a debugger. */
const STOPPED = ["T", "t"];

export function describe({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}
