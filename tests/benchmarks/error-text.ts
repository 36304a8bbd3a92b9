import { SetupError } from "../../harness/errors.ts";

/** What the machine could not do is told without a stack; anything else is a defect, with one. */
export function errorText(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
