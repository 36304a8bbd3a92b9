import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { SetupError } from "../errors.ts";
import type { Event } from "./event.ts";
import type { History } from "./history.ts";

/**
 * Milliseconds for which events are gathered before they are written, and the characters at which
 * they are written at once. A write costs many times what it takes to compose an event, and most
 * of it in the middle of somebody's round trip. A crash of the harness loses what it has gathered.
 */
const GATHER_MS = 10;
const GATHER_SIZE = 64 * 1024;

/**
 * Writes each event of a history to a file soon after it happened, one JSON object a line. A
 * failure is also told to the history, which then counts as not whole.
 */
export function writeHistory(history: History, path: string): HistoryFile {
  let failure: SetupError | undefined;
  const file = createWriteStream(path, { flags: "wx" });
  file.on("error", (cause) => {
    failure = new SetupError(`Cannot write the history to ${path}: ${cause.message}`, { cause });
    history.fail(failure);
  });
  let gathered = "";
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered !== "") file.write(gathered);
    gathered = "";
  };
  const stop = history.subscribe((event) => {
    gathered += `${JSON.stringify(event)}\n`;
    if (gathered.length >= GATHER_SIZE) write();
    else timer ??= setTimeout(write, GATHER_MS);
  });
  return {
    async close() {
      stop();
      write();
      file.end();
      await finished(file).catch(() => {}); // The failure says it better.
      if (failure) throw failure;
    },
  };
}

export interface HistoryFile {
  /**
   * Writes what is still to be written.
   *
   * @throws {SetupError} when an event could not be written, now or earlier.
   */
  close(): Promise<void>;
}

/**
 * Reads a saved history.
 *
 * @throws {Error} that names the line when the file was cut off or is not a history.
 */
export async function readHistory(path: string): Promise<Event[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  if (lines.at(-1) !== "") {
    throw new Error(`${path} ends in the middle of line ${lines.length}: the history is truncated`);
  }
  return lines.slice(0, -1).map((line, index) => {
    const event = parse(line);
    if (!isEvent(event)) throw new Error(`${path}:${index + 1} is not an event`);
    return event;
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Tells a history from another file. Its facts are taken on trust. */
function isEvent(value: unknown): value is Event {
  const { seq, at, type } = (value ?? {}) as Partial<Event>;
  return typeof seq === "number" && typeof at === "number" && typeof type === "string";
}
