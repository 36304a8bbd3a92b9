import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

/** A part of the promises that is proven as a whole. Its name is its command, and its project. */
export interface Suite {
  name: "guarantees" | "disasters";
  folders: readonly string[];
  /** What the command does, in a sentence. */
  purpose: string;
}

export const GUARANTEES: Suite = {
  name: "guarantees",
  folders: ["guarantees", "findings"],
  purpose:
    "Proves what RabbitMQ guarantees, on a real broker, and prints the account of every promise.",
};

export const DISASTERS: Suite = {
  name: "disasters",
  folders: ["disasters"],
  purpose:
    "Proves what is left after a power cut, a frozen broker, an upgrade, or the loss of nodes.",
};

const TESTS = join(import.meta.dirname, "../../tests");
const SPEC = ".spec.ts";

/** The file of each family, in the order of the table of contents. */
export function specFiles({ folders }: Suite): Map<string, string> {
  const paths = folders
    .map((folder) => join(TESTS, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(SPEC));
  return new Map(paths.map((path) => [basename(path, SPEC), path]));
}
