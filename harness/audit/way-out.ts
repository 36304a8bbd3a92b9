import type { Conviction } from "../ledger/convictions.ts";
import type { AuditOptions } from "./options.ts";

/**
 * The same conviction, and which setting accepts it where that is how the worker is meant to be.
 * One that is accepted already is left as it is.
 */
export function withWayOut(
  conviction: Conviction,
  { duplicates, allow }: Pick<AuditOptions, "duplicates" | "allow">,
): Conviction {
  const { kind, sentence, exited } = conviction;
  if (allow.includes(kind)) return conviction;
  if (kind === "duplicated" && duplicates !== "allow") {
    const words = "Where doing it again does no harm, --duplicates allow accepts it.";
    return { ...conviction, sentence: `${sentence} ${words}` };
  }
  if (exited) {
    const words = "Where a supervisor starts it again, --exits allow does so, too.";
    return { ...conviction, sentence: `${sentence} ${words}` };
  }
  return conviction;
}
