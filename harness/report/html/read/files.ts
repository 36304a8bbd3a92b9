import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import type { OnGap } from "./events.ts";

/** Bytes of a log that are read: its end, where it is longer. */
const MOST_OF_LOG = 8 * 1024 * 1024;

/** An object from a file of JSON; undefined, and told, where there is none. */
export function readJson(
  directory: string,
  file: string,
  onGap: OnGap,
): Record<string, unknown> | undefined {
  const path = join(directory, file);
  if (!existsSync(path)) {
    onGap(`There is no ${file}.`);
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isRecord) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  onGap(`${file} is not JSON of a run: it was cut off, or something else wrote it.`);
  return undefined;
}

/** The logs of a run by name, in alphabetical order. */
export function readLogs(directory: string, onGap: OnGap): { name: string; text: string }[] {
  const folder = join(directory, "logs");
  if (!existsSync(folder)) {
    onGap("There are no logs.");
    return [];
  }
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".log"))
    .sort();
  return files.map((file) => ({
    name: file.slice(0, -".log".length),
    text: endOf(join(folder, file)),
  }));
}

function endOf(file: string): string {
  const { size } = statSync(file);
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(Math.min(size, MOST_OF_LOG));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, read).toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
