import { closeSync, openSync, readSync } from "node:fs";
import type { History } from "../history/history.ts";

/** Bytes read at a time. */
const CHUNK = 64 * 1024;

interface Log {
  readonly subject: string;
  readonly path: string;
  file: number | undefined;
  /** Up to where whole lines were read. */
  offset: number;
}

/**
 * Reads what workers write in their effect logs while they write it: before each of their acks is
 * told, so that an effect stands before the ack that follows it, and at their end. A line that a
 * death has cut off is none: its task was not done. The worker takes it back when it goes on in the
 * same file.
 */
export class EffectLogs {
  readonly #history: History;
  readonly #logs = new Map<string, Log>();
  readonly #chunk = Buffer.alloc(CHUNK);
  #requests = 0;
  readonly #stop: () => void;

  constructor(history: History) {
    this.#history = history;
    this.#stop = history.subscribe((event) => {
      if (event.type !== "process-exited") return;
      // Once this event is told to everyone.
      setImmediate(() => this.read(event.subject));
    });
  }

  /** Follows a subject's log, which it may not have begun yet. */
  follow(subject: string, path: string): void {
    if (!this.#logs.has(subject)) {
      this.#logs.set(subject, { subject, path, file: undefined, offset: 0 });
    }
  }

  /** Reads what a subject has written by now; nothing of one that is not followed. */
  read(subject: string): void {
    const log = this.#logs.get(subject);
    if (log) this.#read(log);
  }

  /** Reads all that there is by now. */
  readAll(): void {
    for (const log of this.#logs.values()) this.#read(log);
  }

  close(): void {
    this.#stop();
    for (const { file } of this.#logs.values()) if (file !== undefined) closeSync(file);
    this.#logs.clear();
  }

  #read(log: Log): void {
    log.file ??= opened(log.path);
    if (log.file === undefined) return;
    for (;;) {
      const length = readSync(log.file, this.#chunk, 0, CHUNK, log.offset);
      const end = this.#chunk.subarray(0, length).lastIndexOf("\n");
      if (end < 0) return;
      log.offset += end + 1;
      const { subject } = log;
      for (const task of this.#chunk.toString("utf8", 0, end).split("\n")) {
        this.#done({ subject, task, request: ++this.#requests });
      }
    }
  }

  /** How long the work took, a log does not tell. */
  #done(effect: { subject: string; task: string; request: number }): void {
    this.#history.record({ type: "effect-requested", ...effect });
    this.#history.record({ type: "effect-done", ...effect });
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // It has not begun.
    throw error;
  }
}
