import type { FaultName, Moment } from "../history/event.ts";
import type { Account } from "../ledger/account.ts";
import type { Conviction, ConvictionKind } from "../ledger/convictions.ts";
import type { Outcome } from "../ledger/verdict.ts";

/** What a trial does to a worker on purpose that is no fault of the process, network or broker. */
export type Adversity = "effect-refusal" | "poison-task";

/** One experiment of an audit: the worker, a fault at a moment, and what the ledger made of it. */
export interface TrialResult {
  /** Unique in an audit: `SIGKILL, mid-task`. */
  name: string;
  fault: FaultName | "none";
  /** Absent where the fault is all that is done, or nothing is. */
  adversity?: Adversity;
  moment: Moment;
  /** Workers at the same time. */
  workers: number;
  outcome: Outcome | "not-applicable";
  /**
   * Why it is inconclusive or not applicable, one sentence each. Lines under it are what was
   * printed where it happened.
   */
  reasons: string[];
  account: Account;
  convictions: Conviction[];
  /** Where its history is, from the audit's run directory; absent where there is none. */
  directory?: string;
  milliseconds: number;
}

/** A conviction of an audit: what a worker did, in however many trials. */
export interface AuditConviction {
  kind: ConvictionKind;
  /** What happened, why, and what to change, as the first trial that shows it says it. */
  sentence: string;
  /** The names of the trials that show it, the first one first. */
  trials: string[];
  /** The ids of the first one. */
  tasks: string[];
  /** What happened to the first of them, a line for each event. */
  life: string[];
  /** Accepted by the settings: told, and not counted. */
  allowed: boolean;
}

/** Did the audit see the loss and the duplicate that it made itself? */
export interface SelfCheck {
  planted: "loss" | "duplicate";
  outcome: "seen" | "missed" | "not-applicable";
  /** What was planted and what was seen, or why there was nothing to plant. */
  sentence: string;
}

/** What an audit found. Plain data: it survives JSON as it is. */
export interface AuditResult {
  outcome: Outcome;
  /** The verdict in one sentence. */
  headline: string;
  command: string[];
  /** The effective settings, without any password. */
  settings: Record<string, unknown>;
  broker: { image?: string; url?: string; version: string };
  /** What was looked at: `effects` is false where nobody saw the work itself. */
  observed: { effects: boolean };
  selfChecks: SelfCheck[];
  trials: TrialResult[];
  /** The gravest first. */
  convictions: AuditConviction[];
  /** Why it is inconclusive, one sentence each, with lines under it as in a trial's reasons. */
  doubts: string[];
  /** What is no fault of the worker's, and good to know all the same, a sentence each. */
  notes: string[];
  seed: number;
  /** The command that runs the same audit again. */
  rerun: string;
  /** The run directory, from the working directory. */
  run: string;
  milliseconds: number;
}
