import { worst } from "../../../ledger/verdict.ts";
import { counted } from "../../document-markdown.ts";
import { didInWords } from "../../outcome-words.ts";
import type { SpecResult } from "../../result.ts";
import type { Shard } from "../../shard.ts";
import type { PageData, Shade } from "../data.ts";

/** Tests by how they ended, experiments among them. */
export interface Tests {
  passed: number;
  failed: number;
}

/**
 * What a run of the suite comes to. Tests that are no experiments count as well: a run that a test
 * of the harness itself has failed in has not held.
 */
export function verdictOf(
  specs: readonly SpecResult[],
  tests: Tests,
  shard: Shard | undefined,
): Pick<PageData, "outcome" | "sentence"> {
  const failed = failedBesides(specs, tests);
  if (specs.length === 0 && shard) return withoutExperiments(tests);
  const outcome = outcomeOf(specs, failed);
  return { outcome, sentence: sentenceOf(specs, outcome, failed) };
}

/** A shard may have got nothing, or nothing but plain tests. */
function withoutExperiments({ passed, failed }: Tests): Pick<PageData, "outcome" | "sentence"> {
  if (failed > 0) {
    return {
      outcome: "broken",
      sentence: `Of ${counted(passed + failed, "test")}, ${failed} failed.`,
    };
  }
  if (passed === 0) return { outcome: "not-applicable", sentence: "Nothing fell to this shard." };
  return { outcome: "held", sentence: `All ${passed} tests passed; none is an experiment.` };
}

/** Every experiment that did not hold failed its test. What else failed was no experiment. */
function failedBesides(specs: readonly SpecResult[], { failed }: Tests): number {
  const unheld = specs.filter(({ outcome }) => outcome !== "held" && outcome !== "not-applicable");
  return Math.max(0, failed - unheld.length);
}

/** A suite that a machine could not run to its end has proven nothing. */
function outcomeOf(specs: readonly SpecResult[], failedBesides: number): Shade {
  const judged = specs.flatMap(({ outcome }) => {
    if (outcome === "not-applicable") return [];
    return outcome === "setup" ? ("inconclusive" as const) : outcome;
  });
  if (failedBesides > 0) return "broken";
  if (judged.length > 0) return worst(judged);
  return specs.length > 0 ? "not-applicable" : "unfinished";
}

function sentenceOf(specs: readonly SpecResult[], outcome: Shade, failedBesides: number): string {
  const count = (wanted: Shade) => specs.filter((spec) => spec.outcome === wanted).length;
  const proven = specs.length - count("not-applicable");
  if (outcome === "held") return proven === 1 ? HELD_ALONE : `All ${proven} experiments held.`;
  if (outcome === "not-applicable") return "No experiment of it applies to this broker.";
  const parts = (["broken", "inconclusive", "setup"] as const)
    .filter((shade) => count(shade) > 0)
    .map((shade) => didInWords(shade, count(shade)));
  const besides = failedBesides > 0 ? [`${counted(failedBesides, "other test")} failed`] : [];
  const bad = [...parts, ...besides].join(", ");
  if (bad === "") return "Nothing was run.";
  return `Of ${counted(proven, "experiment")}, ${bad}; ${count("held")} held.`;
}

const HELD_ALONE = "Its one experiment held.";
