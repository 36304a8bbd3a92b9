import { IS_PACKAGE } from "../command-line.ts";
import type { SpecDeclaration } from "./result.ts";

/** Specs in this folder have a command of their own. */
const DISASTERS = "tests/disasters/";

/** What runs a spec again: a command of the suite, or vitest where the spec is somebody else's. */
export function rerunOf(
  { file, promise, queueType }: Pick<SpecDeclaration, "file" | "promise" | "queueType">,
  isPackage = IS_PACKAGE,
): string {
  if (isPackage) {
    // A pattern for vitest, in quotes for the shell: any character stands for what is special there.
    const pattern = `${promise} · ${queueType}`.replace(/[^\p{L}\p{N} ·,-]/gu, ".");
    return `npx vitest run ${file} -t "${pattern}"`;
  }
  const command = file.startsWith(DISASTERS) ? "disasters" : "guarantees";
  return `npm run ${command} -- -t "${promise}" --queue ${queueType}`;
}
