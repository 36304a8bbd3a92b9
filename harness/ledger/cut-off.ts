import type { Reader, Readings } from "./reading.ts";

type OnChange<Loss> = (subject: string, loss: Loss | null, before: Loss | undefined) => void;

/**
 * Programs that have lost something of theirs on the wire without wanting to. A program comes back
 * by itself, so it is without what it lost until it has it again, or is no more. The experiment's
 * own clients do only what they are told: what they lose, they no longer want.
 */
export class CutOff<Loss> implements Reader {
  readonly #running = new Set<string>();
  readonly #losses = new Map<string, Loss>();
  readonly #onChange: OnChange<Loss>;

  /** @param onChange hears of each loss, and of its end by null, with the loss before it. */
  constructor(onChange: OnChange<Loss>) {
    this.#onChange = onChange;
  }

  readonly reads: Readings = {
    "process-started": ({ subject }) => {
      this.#running.add(subject);
    },
    "process-signalled": ({ subject, signal }) => {
      if (signal === "SIGKILL") this.#end(subject);
    },
    "process-exited": ({ subject }) => this.#end(subject),
  };

  /** It takes the place of one before. */
  loses(subject: string, loss: Loss): void {
    if (!this.#running.has(subject)) return;
    const before = this.#losses.get(subject);
    this.#losses.set(subject, loss);
    this.#onChange(subject, loss, before);
  }

  regains(subject: string): void {
    const before = this.#losses.get(subject);
    if (before === undefined) return;
    this.#losses.delete(subject);
    this.#onChange(subject, null, before);
  }

  /** What this subject has lost, if it has. */
  of(subject: string): Loss | undefined {
    return this.#losses.get(subject);
  }

  #end(subject: string): void {
    this.#running.delete(subject);
    this.regains(subject);
  }
}
