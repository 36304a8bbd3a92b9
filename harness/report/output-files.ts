import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { SetupError } from "../errors.ts";

/** Where a result is wanted, by its format. */
export interface OutputFiles {
  json?: string | undefined;
  junit?: string | undefined;
  markdown?: string | undefined;
}

/** The same result in each of them. */
export type Formats = { [format in keyof Required<OutputFiles>]: () => string };

const FORMATS = ["json", "junit", "markdown"] as const;

/** @throws {SetupError} when a file can't be written. */
export function writeFormats(files: OutputFiles, formats: Formats): void {
  for (const format of FORMATS) {
    const file = files[format];
    if (file !== undefined) attempt(file, () => writeFileSync(file, formats[format]()));
  }
}

/** @throws {SetupError} before anything runs, where a folder is missing or not to be written. */
export function requireFolders(files: OutputFiles): void {
  for (const format of FORMATS) {
    const file = files[format];
    if (file !== undefined) attempt(file, () => accessSync(dirname(file), constants.W_OK));
  }
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    throw new SetupError(`The result can't be written to ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
