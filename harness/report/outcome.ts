import type { SpecResult } from "./result.ts";
import type { Paper, Style } from "./text.ts";

type Outcome = SpecResult["outcome"];

/** Doubt looks different from a broken promise: it asks for another look, not for a fix. */
const LOOKS: Record<Outcome, { mark: string; style: Style }> = {
  held: { mark: "✓", style: "green" },
  broken: { mark: "✗", style: "red" },
  inconclusive: { mark: "?", style: "yellow" },
  setup: { mark: "!", style: "magenta" },
  "not-applicable": { mark: "–", style: "dim" },
};

export function markOf(outcome: Outcome, paper: Paper): string {
  return paper.paint(LOOKS[outcome].style, LOOKS[outcome].mark);
}

export function paintOutcome(outcome: Outcome, text: string, paper: Paper): string {
  return paper.paint(LOOKS[outcome].style, text);
}
