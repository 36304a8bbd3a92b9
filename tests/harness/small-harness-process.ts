import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

interface End {
  code: number | null;
  signal: string | null;
}

/** The program `small-harness.ts`, as a process. */
export class SmallHarness {
  readonly #process: ChildProcess;
  /** All that it and its helper have said to the user; known when both are gone. */
  readonly lastWords: Promise<string>;
  readonly ended: Promise<End>;

  constructor(args: string[], env: Record<string, string> = {}) {
    const program = join(import.meta.dirname, "small-harness.ts");
    this.#process = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...env },
      stdio: "pipe",
    });
    const { stderr } = this.#process;
    // The helper has inherited this pipe, so it ends when both have.
    this.lastWords = stderr ? text(stderr) : Promise.resolve("");
    this.ended = once(this.#process, "exit").then(([code, signal]) => ({ code, signal }));
  }

  /** Its first line on standard output. */
  async firstLine(): Promise<string> {
    const { stdout } = this.#process;
    if (!stdout) throw new Error("There is no standard output");
    const [line] = await once(stdout, "data");
    return String(line).trim();
  }

  /** Kills the helper that would tidy up after it. It lives on. */
  async killHelper(): Promise<void> {
    const { pid } = this.#process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    if (children.length !== 1) throw new Error(`${pid} has not just one helper: ${children}`);
    process.kill(Number(children[0]), "SIGKILL");
  }

  kill(signal: NodeJS.Signals): Promise<End> {
    this.#process.kill(signal);
    return this.ended;
  }

  exit(): Promise<End> {
    this.#process.stdin?.end();
    return this.ended;
  }
}

/** Every way in which a harness ends: what it is called, how it is done, what is seen of it. */
export const ENDINGS = [
  ["by SIGKILL", (it: SmallHarness) => it.kill("SIGKILL"), { code: null, signal: "SIGKILL" }],
  ["by Ctrl-C", (it: SmallHarness) => it.kill("SIGINT"), { code: null, signal: "SIGINT" }],
  ["normally", (it: SmallHarness) => it.exit(), { code: 0, signal: null }],
] as const;
