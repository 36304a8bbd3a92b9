import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Party } from "../../../harness/history/event.ts";
import type { Address } from "../../../harness/link/link.ts";
import { within } from "../../../harness/until.ts";

/** Milliseconds. A link that takes longer for one input hangs. */
export const DEADLINE = 15_000;

export const SUBJECT = "stranger";

export interface Question {
  /** How many connections are to be left before the answer. */
  connections: number;
}

export interface Answer {
  /** Since the last question. */
  violations: { by: Party; connection: number; text: string }[];
  /** Bytes: the most that the process ever had. */
  peak: number;
  /** Bytes on the heap and in buffers after garbage collection; not in every answer. */
  kept?: number;
}

/** The program `link-program.ts`, as a process. */
export class LinkProcess {
  readonly address: Address;
  readonly #process: ChildProcess;
  readonly #death: Promise<never>;

  private constructor(process: ChildProcess, death: Promise<never>, address: Address) {
    this.#process = process;
    this.#death = death;
    this.address = address;
  }

  static async start(upstream: Address): Promise<LinkProcess> {
    const program = join(import.meta.dirname, "link-program.ts");
    const child = fork(program, [JSON.stringify(upstream)], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: ["--max-semi-space-size=2", "--optimize-for-size"],
    });
    const death = deathOf(child);
    const [address] = await Promise.race([once(child, "message"), death]);
    return new LinkProcess(child, death, address as Address);
  }

  /**
   * Waits until so many connections are left, and says what was violated since it was last asked.
   *
   * @throws Error with its last words when the process has died, or has not settled in time.
   */
  async settle(connections: number): Promise<Answer> {
    this.#process.send({ connections } satisfies Question);
    const answered = Promise.race([once(this.#process, "message"), this.#death]);
    const [answer] = await within("the link's answer", answered, 2 * DEADLINE);
    if ("failure" in answer) throw new Error(`In the link's process: ${answer.failure}`);
    return answer as Answer;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.disconnect();
    await ended;
  }
}

/** Rejects when the process ends, with what it said. */
function deathOf(child: ChildProcess): Promise<never> {
  const lastWords = child.stderr ? text(child.stderr) : Promise.resolve("");
  const death = once(child, "exit").then(async ([code, signal]) => {
    throw new Error(`The link's process has ended (${signal ?? code}): ${await lastWords}`);
  });
  death.catch(() => {}); // Also where nobody is waiting for it.
  return death;
}
