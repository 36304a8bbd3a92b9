import { readFile } from "node:fs/promises";
import type { History } from "../history/history.ts";

/**
 * Records what a subject says in its effect log: one line, the task's id, for each effect. It is
 * read once the subject has ended, so these effects are certain, and their time is not.
 *
 * @throws {Error} when the log ends within a line: nobody can tell which task that was.
 */
export async function readEffectLog(
  history: History,
  subject: string,
  path: string,
): Promise<void> {
  const lines = (await textOf(path)).split("\n");
  const last = lines.pop();
  if (last) throw new Error(`The effect log of ${subject} ends within a line ("${last}"): ${path}`);
  for (const line of lines) {
    const task = line.replace(/\r$/, ""); // As some languages end a line.
    history.record({ type: "effect-logged", subject, task });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return ""; // It never logged anything.
    throw error;
  }
}
