/** A promise of the documentation, and how a run broke it. */
export interface Accusation {
  /** Names the rule. A shrunk run has to break the same one. */
  rule: RuleName;
  /** Which task, where it is about one. */
  task?: string;
  sentence: string;
  /** Where the promise is made. */
  docs: string;
}

export type RuleName =
  | "fate"
  | "acked stays acked"
  | "one at a time"
  | "no copies"
  | "flagged as redelivered"
  | "every publish is answered"
  | "returned only where no queue is"
  | "refused only when full"
  | "acks follow the work"
  | "in order"
  | "within the prefetch";
