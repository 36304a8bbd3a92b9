import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { compact } from "../history/compact.ts";
import { type HistoryFile, writeHistory } from "../history/file.ts";
import type { History } from "../history/history.ts";

/** Bytes of a history's file: as it was written, and as it is kept. */
export interface FileSize {
  before: number;
  after: number;
}

/** More than any event takes that is not about hundreds of tasks. */
const TAIL = 1024 * 1024;

/** What a soak leaves on disk of its history: everything at first, and then what is worth it. */
export class RunFile {
  readonly #path: string;
  readonly #file: HistoryFile;
  #isClosed = false;

  /** @param history is told where it can't be written. */
  constructor(history: History, path: string) {
    this.#path = path;
    this.#file = writeHistory(history, path);
  }

  /**
   * Ends the file, and makes batches of the tasks that were done without a hitch.
   *
   * @throws {SetupError} when an event could not be written.
   */
  async compact(isFinished: (task: string) => boolean): Promise<FileSize> {
    await this.close();
    const { before, after } = await compact(this.#path, isFinished);
    return { before, after };
  }

  /**
   * Ends the file. Where the disk has not taken all of it, it ends with the last whole event, and
   * can be judged as far as it goes.
   *
   * @throws {SetupError} when an event could not be written.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#file.close();
    } catch (error) {
      if (existsSync(this.#path)) endWithWholeLine(this.#path);
      throw error;
    }
  }
}

/** Takes the piece of a line off a file's end. */
export function endWithWholeLine(path: string): void {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL));
    readSync(file, tail, 0, tail.length, size - tail.length);
    ftruncateSync(file, size - tail.length + tail.lastIndexOf("\n") + 1);
  } finally {
    closeSync(file);
  }
}
