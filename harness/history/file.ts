import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { SetupError } from "../errors.ts";
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import { replay } from "./replay.ts";

/**
 * Milliseconds for which events are gathered before they are written, and the characters at which
 * they are written at once. A write costs many times what it takes to compose an event, and most
 * of it in the middle of somebody's round trip. A crash of the harness loses what it has gathered.
 */
const GATHER_MS = 10;
const GATHER_SIZE = 64 * 1024;

/** What to do where there is no room for a run. */
export const ELSEWHERE = "Make room there, or keep runs elsewhere: ACKPROOF_DIR=<folder>";

/**
 * Writes each event of a history to a file soon after it happened, one JSON object a line. A
 * failure is also told to the history, which then counts as not whole.
 */
export function writeHistory(history: History, path: string): HistoryFile {
  let failure: SetupError | undefined;
  const file = createWriteStream(path, { flags: "wx" });
  file.on("error", (cause) => {
    const told = `Cannot write the history to ${path}: ${cause.message}`;
    failure = new SetupError(`${told}\n${ELSEWHERE}`, { cause });
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
  const events: Event[] = [];
  await replay(path, (event) => events.push(event));
  return events;
}
