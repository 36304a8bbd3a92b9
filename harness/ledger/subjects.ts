/**
 * The harness's own parties on the wire. Their settings convict nobody, and what the drain
 * consumes is accounted by its `drained` events.
 */
export const PUBLISHER = "publisher";
export const DRAIN = "drain";
export const OPERATOR = "operator";

/** Who stands for the worker in an `effect-logged` where nobody can tell which one it was. */
export const EFFECTS = "effects";

export const HARNESS_SUBJECTS: ReadonlySet<string> = new Set([PUBLISHER, DRAIN, OPERATOR, EFFECTS]);

/** Is this a program under test? */
export function underTest(subject: string): boolean {
  return !HARNESS_SUBJECTS.has(subject);
}
