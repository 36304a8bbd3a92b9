import type { Reader, Readings } from "./reading.ts";

/**
 * Programs that have lost something of theirs on the wire without wanting to. A program comes back
 * by itself, so it is without what it lost until it has it again, or is no more. The experiment's
 * own clients do only what they are told: what they lose, they no longer want.
 */
export class CutOff<Loss> implements Reader {
  readonly #running = new Set<string>();
  readonly #losses = new Map<string, Loss>();

  readonly reads: Readings = {
    "process-started": ({ subject }) => {
      this.#running.add(subject);
    },
    "process-signalled": ({ subject, signal }) => {
      if (signal === "SIGKILL") this.#end(subject);
    },
    "process-exited": ({ subject }) => this.#end(subject),
  };

  loses(subject: string, loss: Loss): void {
    if (this.#running.has(subject)) this.#losses.set(subject, loss);
  }

  regains(subject: string): void {
    this.#losses.delete(subject);
  }

  /** By subject. */
  get losses(): ReadonlyMap<string, Loss> {
    return this.#losses;
  }

  #end(subject: string): void {
    this.#running.delete(subject);
    this.#losses.delete(subject);
  }
}
