import { IS_PACKAGE } from "../command-line.ts";
import type { SpecDeclaration } from "./result.ts";

/** Specs in this folder have a command of their own. */
const DISASTERS = "tests/disasters/";

/** What runs a spec again: a command of the suite, or vitest where the spec is somebody else's. */
export function rerunOf(
  { file, promise, queueType }: Pick<SpecDeclaration, "file" | "promise" | "queueType">,
  isPackage = IS_PACKAGE,
): string {
  if (isPackage) return rerunInVitest(file, `${promise} · ${queueType}`);
  const command = file.startsWith(DISASTERS) ? "disasters" : "guarantees";
  return `npm run ${command} -- -t "${promise}" --queue ${queueType}`;
}

/** What runs a test of somebody's own again, by its full name. */
export function rerunInVitest(file: string, name: string): string {
  // A pattern, in quotes for the shell: any character stands for what is special there.
  return `npx vitest run ${file} -t "${name.replace(/[^\p{L}\p{N} ·,-]/gu, ".")}"`;
}
