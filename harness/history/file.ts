import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { SetupError } from "../errors.ts";
import type { Event } from "./event.ts";
import type { History } from "./history.ts";

/** Writes each event of a history to a file as it happens, one JSON object a line. */
export function writeHistory(history: History, path: string): { close(): Promise<void> } {
  const file = createWriteStream(path, { flags: "wx" });
  file.on("error", (cause) =>
    history.fail(
      new SetupError(`Cannot write the history to ${path}: ${cause.message}`, { cause }),
    ),
  );
  const stop = history.subscribe((event) => file.write(`${JSON.stringify(event)}\n`));
  return {
    async close() {
      stop();
      file.end();
      await finished(file).catch(() => {}); // An error was reported to the history.
    },
  };
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
    try {
      return JSON.parse(line) as Event;
    } catch (cause) {
      throw new Error(`${path}:${index + 1} is not an event`, { cause });
    }
  });
}
