/**
 * The harness's own parties on the wire. Their settings convict nobody, and what the drain
 * consumes is accounted by its `drained` events.
 */
export const PUBLISHER = "publisher";
export const DRAIN = "drain";
export const OPERATOR = "operator";

export const HARNESS_SUBJECTS: ReadonlySet<string> = new Set([PUBLISHER, DRAIN, OPERATOR]);

/** Is this a program under test? */
export function underTest(subject: string): boolean {
  return !HARNESS_SUBJECTS.has(subject);
}
