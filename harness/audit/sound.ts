import { type Conviction, isHabit } from "../ledger/convictions.ts";
import type { Outcome, Verdict } from "../ledger/verdict.ts";

/**
 * What counts against the worker: nothing where the witnesses contradict each other, and no task that
 * remains where the course broke off before a worker was started again, to take it.
 */
export function soundConvictions(verdict: Verdict | undefined, isBrokenOff: boolean): Conviction[] {
  if (!verdict || verdict.contradictions.length > 0) return [];
  return verdict.convictions.filter(({ kind }) => !(isBrokenOff && kind === "remaining"));
}

/**
 * What a trial proves. A worker that is seen to do wrong did it, whatever else was not shown. A habit
 * breaks the audit, and no trial: its tasks came out as they should.
 *
 * @param reasons why it proves nothing, if anything speaks for that.
 */
export function trialOutcome(
  verdict: Verdict | undefined,
  convictions: readonly Conviction[],
  reasons: readonly string[],
): Outcome {
  const isBroken = verdict?.outcome === "broken" && convictions.length > 0;
  const isHabitual = isBroken && convictions.every(({ kind }) => isHabit(kind));
  if (isBroken && !isHabitual) return "broken";
  const isUnproven = reasons.length > 0 || (verdict?.outcome !== "held" && !isHabitual);
  return isUnproven ? "inconclusive" : "held";
}
