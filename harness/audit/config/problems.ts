import { closestMatch } from "leven";
import { SetupError } from "../../errors.ts";
import { withoutPassword } from "./without-password.ts";

/** Letters that a slip of the finger may change. */
const SLIP = 2;
const LONGEST_SHOWN = 80;

/** A value as a problem quotes it: on one line, not too long, and without a password. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value, (_, part) =>
    typeof part === "string" ? withoutPassword(part) : part,
  );
  const shown = text ?? String(value);
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}...` : shown;
}

/** ` Did you mean x?`, where something that there is looks much like it. */
export function suggestion(meant: unknown, there: readonly string[]): string {
  const near = nearest(meant, there);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

/** What there is that looks much like a text: two letters off, and one in a short one. */
export function nearest(meant: unknown, there: readonly string[]): string | undefined {
  if (typeof meant !== "string") return undefined;
  const letters = meant.replaceAll(/\W/g, "").length;
  return closestMatch(meant, there, { maxDistance: letters > 4 ? SLIP : 1 });
}

/** @throws {SetupError} that says all problems at once, if there are any. */
export function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const [only] = problems;
  if (problems.length === 1) throw new SetupError(only);
  const list = problems.map((problem) => `\n  ${problem}`).join("");
  throw new SetupError(`${problems.length} settings can't be used:${list}`);
}
