import type { SpecResult } from "./result.ts";

const WORDS: Record<SpecResult["outcome"], string> = {
  held: "held",
  broken: "broke their promise",
  inconclusive: "proved nothing",
  setup: "could not be run",
  "not-applicable": "did not apply",
};

/** What experiments did that ended so, after their count: `8 held`, `1 broke its promise`. */
export function didInWords(outcome: SpecResult["outcome"], count: number): string {
  const words = outcome === "broken" && count === 1 ? "broke its promise" : WORDS[outcome];
  return `${count} ${words}`;
}
