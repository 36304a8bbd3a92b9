import type { Ledger } from "../ledger/ledger.ts";
import { type Verdict, worst } from "../ledger/verdict.ts";

/**
 * A soak's standard. A kill comes between an effect and its ack, and an outage between a publish and
 * its confirm: then a task is delivered or published again, and done twice, as at-least-once means.
 * What is done twice for one delivery has no such excuse.
 */
export function judgeSoak(ledger: Pick<Ledger, "verdict">): Verdict {
  const verdict = ledger.verdict({ allow: ["duplicated"] });
  if (verdict.outcome === "inconclusive") return verdict;
  const inexcusable = verdict.convictions.filter(
    ({ kind, subject }) => kind === "duplicated" && subject !== undefined,
  );
  if (inexcusable.length === 0) return verdict;
  const reasons = [...verdict.reasons, ...inexcusable.map(({ sentence }) => sentence)];
  return { ...verdict, outcome: worst([verdict.outcome, "broken"]), reasons };
}
