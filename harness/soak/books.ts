import type { History } from "../history/history.ts";
import { Ledger } from "../ledger/ledger.ts";
import type { Verdict } from "../ledger/verdict.ts";
import { InFlight } from "../scenario/in-flight.ts";
import { judgeSoak } from "./judgement.ts";
import { Progress } from "./progress.ts";
import { type FileSize, RunFile } from "./run-file.ts";

/** How far a soak is. */
export interface SoakState {
  acked: number;
  inFlight: number;
  /** Acks a second, from the beginning. */
  rate: number;
}

/** All that is made of a soak's events: nobody keeps them but the file. */
export class Books {
  readonly progress: Progress;
  readonly #history: History;
  readonly #ledger = new Ledger({ keep: "wrong" });
  readonly #inFlight = new InFlight();
  readonly #file: RunFile;

  /** @param path of the history's file. */
  constructor(history: History, path: string) {
    this.#history = history;
    this.#file = new RunFile(history, path);
    history.subscribe((event) => this.#ledger.add(event));
    history.subscribe((event) => this.#inFlight.see(event));
    this.progress = new Progress(history);
  }

  /** Tasks that have an end to come, or whose publish has an answer to come. */
  get inFlight(): number {
    return this.#ledger.outstandingCount + this.progress.unconfirmed;
  }

  /** Has every task that was confirmed or delivered come to its end? */
  get isSettled(): boolean {
    return this.#ledger.outstandingCount === 0;
  }

  get state(): SoakState {
    const { acked, rate } = this.progress;
    return { acked, rate, inFlight: this.inFlight };
  }

  /** The tasks that the broker has handed out and must still have, each with its queue. */
  get returning(): ReadonlyMap<string, string> {
    return this.#inFlight.tasks;
  }

  /**
   * Calls back when the history can't be written any more.
   *
   * @returns how to stop.
   */
  onFailure(failed: (error: unknown) => void): () => void {
    return this.progress.subscribe(() => {
      try {
        this.#history.assertWhole();
      } catch (error) {
        failed(error);
      }
    });
  }

  /** @throws {SetupError} when the history could not be written. */
  judge(): Verdict {
    this.#history.assertWhole();
    return judgeSoak(this.#ledger);
  }

  /** Ends the file, and leaves out of it what the verdict does not need. */
  compact(): Promise<FileSize> {
    return this.#file.compact((task) => this.#ledger.isFinished(task));
  }

  /** @throws {SetupError} when the history could not be written. */
  close(): Promise<void> {
    return this.#file.close();
  }
}
