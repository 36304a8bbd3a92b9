import type { Conviction, ConvictionKind } from "../ledger/convictions.ts";
import { describeLife } from "../ledger/life.ts";
import type { Outcome } from "../ledger/verdict.ts";
import { GRAVEST_FIRST } from "../report/audit-gravity.ts";
import type { AuditConviction, SelfCheck, TrialResult } from "../report/audit-result.ts";
import type { Rig } from "../scenario/rig.ts";

/** A conviction of one trial, with the evidence for it. */
export interface Charge extends Conviction {
  trial: string;
  life: string[];
}

/** What a trial's ledger charges the worker with, each with the life of its first task. */
export function chargesOf(trial: string, convictions: readonly Conviction[], rig: Rig): Charge[] {
  return convictions.map((conviction) => {
    const [task] = conviction.tasks;
    const life = task === undefined ? [] : describeLife(rig.life(task), task);
    return { ...conviction, trial, life };
  });
}

/** What all trials together convict the worker of, the gravest first, each kind once. */
export function convictionsOf(
  charges: readonly Charge[],
  allowed: ReadonlySet<ConvictionKind>,
): AuditConviction[] {
  const byKind = Map.groupBy(charges, ({ kind }) => kind);
  const gravity = (kind: ConvictionKind) => GRAVEST_FIRST.indexOf(kind);
  return [...byKind]
    .sort(([left], [right]) => gravity(left) - gravity(right))
    .map(([kind, all]) => {
      const [{ sentence, tasks, life }] = all as [Charge];
      const trials = [...new Set(all.map(({ trial }) => trial))];
      return { kind, sentence, trials, tasks, life, allowed: allowed.has(kind) };
    });
}

/** Why an audit that convicts nobody proves nothing; empty if it does. */
export function doubtsOf(
  trials: readonly TrialResult[],
  selfChecks: readonly SelfCheck[],
): string[] {
  const blind = selfChecks.filter(({ outcome }) => outcome === "missed");
  const unproven = trials.filter(({ outcome }) => outcome === "inconclusive");
  return [
    ...blind.map(({ sentence }) => sentence),
    ...unproven.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`)),
  ];
}

/** A worker that is seen to do wrong did it, whatever else could not be shown. */
export function outcomeOf(
  convictions: readonly AuditConviction[],
  doubts: readonly string[],
): Outcome {
  if (convictions.some(({ allowed }) => !allowed)) return "broken";
  return doubts.length > 0 ? "inconclusive" : "held";
}
