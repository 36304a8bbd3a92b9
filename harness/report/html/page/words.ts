import type { Fate } from "../../../ledger/fates.ts";
import type { Shade } from "../data.ts";

/** A mark beside each colour: nobody has to tell red from green. */
export const MARKS: Record<Shade, string> = {
  held: "✓",
  broken: "✗",
  inconclusive: "?",
  setup: "!",
  "not-applicable": "–",
  unfinished: "…",
};

/** What an account's lines mean, for those who read one for the first time. */
export const MEANINGS: Record<string, string> = {
  published: "sent to the broker",
  confirmed: "the broker has promised to keep it",
  returned: "the broker found no queue for it, and gave it back",
  refused: "the broker declined it",
  unknown: "no answer came: nobody knows",
  completed: "its effect happened exactly once",
  duplicated: "its effect happened more than once",
  parked: "put aside, in a dead-letter queue",
  discarded: "dropped, as was declared or is allowed",
  remaining: "still in a queue at the end",
  lost: "confirmed, and neither done nor anywhere",
  recovered: "no answer came, and yet it took effect",
  unexpected: "an effect that nobody had asked for",
};

export const BAD: ReadonlySet<string> = new Set(["lost", "duplicated", "remaining", "unexpected"]);

/** Where a task ended, as a clause. */
export function endOf(fate: Fate | null): string {
  return fate === null ? "never confirmed, and never seen again" : `${fate}: ${MEANINGS[fate]}`;
}

/** `+1,234.5 ms`: a time since the run began. */
export function timeOf(at: number): string {
  return `+${at.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} ms`;
}

export function number(value: number): string {
  return value.toLocaleString("en-US");
}
