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
 * Reads what workers write in their effect logs while they write it. An ack is the sign: whoever
 * sends one has written the lines that go with it. A line that a death has cut off is none: its
 * task was not done. The worker takes it back when it goes on in the same file.
 */
export class EffectLogs {
  readonly #history: History;
  readonly #logs = new Map<string, Log>();
  readonly #signs = new Set<Log>();
  readonly #chunk = Buffer.alloc(CHUNK);
  #isDue = false;
  readonly #stop: () => void;

  constructor(history: History) {
    this.#history = history;
    this.#stop = history.subscribe((event) => {
      if (event.type === "acked" || event.type === "process-exited") this.#sign(event.subject);
    });
  }

  /** Follows a subject's log, which it may not have begun yet. */
  follow(subject: string, path: string): void {
    if (!this.#logs.has(subject)) {
      this.#logs.set(subject, { subject, path, file: undefined, offset: 0 });
    }
  }

  /** Reads all that there is by now. */
  readAll(): void {
    for (const log of this.#logs.values()) this.#read(log);
  }

  close(): void {
    this.#stop();
    for (const { file } of this.#logs.values()) if (file !== undefined) closeSync(file);
    this.#logs.clear();
    this.#signs.clear();
  }

  /** What an event is a sign of is read once the events of this turn are told. */
  #sign(subject: string): void {
    const log = this.#logs.get(subject);
    if (!log) return;
    this.#signs.add(log);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      for (const each of this.#signs) this.#read(each);
      this.#signs.clear();
    });
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
        this.#history.record({ type: "effect-logged", subject, task });
      }
    }
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
