import type {
  Adversity,
  AuditConviction,
  AuditResult,
  SelfCheck,
  TrialResult,
} from "../../audit-result.ts";
import type { Shade } from "../data.ts";
import {
  accountIn,
  convictionsIn,
  given,
  numberIn,
  oneOf,
  recordIn,
  recordsIn,
  shadeIn,
  textIn,
  textsIn,
} from "../view/plain.ts";

/** What of an audit's result a report needs, as far as the file has it. */
export interface SavedAudit
  extends Partial<Pick<AuditResult, "headline" | "command" | "seed" | "rerun" | "milliseconds">> {
  outcome: Shade;
  settings: Record<string, unknown>;
  broker: Record<string, unknown>;
  trials: TrialResult[];
  convictions: AuditConviction[];
  selfChecks: Pick<SelfCheck, "sentence">[];
  doubts: string[];
  notes: string[];
}

/** An audit's result as it lies in its file. Of one that was broken off, much is missing. */
export function auditIn(saved: Record<string, unknown>): SavedAudit {
  const { headline, command, seed, rerun, milliseconds } = saved;
  return {
    outcome: shadeIn(saved.outcome) ?? "unfinished",
    ...given("headline", textIn(headline)),
    ...given("command", Array.isArray(command) ? textsIn(command) : undefined),
    ...given("seed", numberIn(seed)),
    ...given("rerun", textIn(rerun)),
    ...given("milliseconds", numberIn(milliseconds)),
    settings: recordIn(saved.settings),
    broker: recordIn(saved.broker),
    trials: recordsIn(saved.trials).flatMap(trialIn),
    convictions: recordsIn(saved.convictions).flatMap(convictionIn),
    selfChecks: recordsIn(saved.selfChecks).flatMap(({ sentence }) =>
      typeof sentence === "string" ? { sentence } : [],
    ),
    doubts: textsIn(saved.doubts),
    notes: textsIn(saved.notes),
  };
}

const ADVERSITIES = ["effect-refusal", "poison-task"] as const satisfies Adversity[];

function trialIn(saved: Record<string, unknown>): TrialResult[] {
  const { name, fault, adversity, moment, workers, outcome, directory, milliseconds } = saved;
  if (typeof name !== "string") return [];
  const trial = {
    name,
    fault: textIn(fault) ?? "none",
    ...given("adversity", oneOf(ADVERSITIES, adversity)),
    moment: textIn(moment) ?? "now",
    workers: numberIn(workers) ?? 1,
    outcome: shadeIn(outcome) ?? "inconclusive",
    reasons: textsIn(saved.reasons),
    account: accountIn(saved.account),
    convictions: convictionsIn(saved.convictions),
    ...given("directory", textIn(directory)),
    milliseconds: numberIn(milliseconds) ?? 0,
  };
  return [trial as TrialResult];
}

function convictionIn(saved: Record<string, unknown>): AuditConviction[] {
  const { trials, life, allowed } = saved;
  return convictionsIn([saved]).map((conviction) => ({
    ...conviction,
    trials: textsIn(trials),
    life: textsIn(life),
    allowed: allowed === true,
  }));
}
