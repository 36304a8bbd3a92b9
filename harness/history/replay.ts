import type { Event } from "./event.ts";
import { eachLine } from "./lines.ts";

/**
 * Reads a saved history, event by event, in memory that does not grow with it.
 *
 * @throws {Error} that names the line when the file was cut off or is not a history.
 */
export async function replay(path: string, see: (event: Event) => void): Promise<void> {
  await eachHistoryLine(path, (line, number) => see(eventIn(line, path, number)));
}

/**
 * Reads the lines of a saved history, each with its number from 1.
 *
 * @param pause is awaited now and then, for those who make something of them.
 * @throws {Error} that names the line when the file was cut off.
 */
export async function eachHistoryLine(
  path: string,
  see: (line: string, number: number) => void,
  pause?: () => Promise<void>,
): Promise<void> {
  let number = 0;
  const { lines, isWhole } = await eachLine(path, (line) => see(line, ++number), pause);
  if (isWhole) return;
  throw new Error(`${path} ends in the middle of line ${lines + 1}: the history is truncated`);
}

/** @throws {Error} that names the line which is not an event. */
export function eventIn(line: string, path: string, number: number): Event {
  const event = parse(line);
  if (!isEvent(event)) throw new Error(`${path}:${number} is not an event`);
  return event;
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
