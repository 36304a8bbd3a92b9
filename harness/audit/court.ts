import type { Broker } from "../broker/broker.ts";
import type { TrialResult } from "../report/audit-result.ts";
import type { EffectSource } from "./effects/effect-source.ts";
import type { AuditOptions } from "./options.ts";
import type { Trial } from "./trial.ts";

/** What all trials of an audit have in common. */
export interface Court {
  options: AuditOptions;
  effects: EffectSource;
  /** The run's id: tasks carry it, so that no other run has any of them. */
  run: string;
  /** The command that runs one of its trials again. */
  again(trial: string): string;
  /** Ends the audit before its time. */
  signal: AbortSignal;
  /** Is told of each trial that has ended. */
  onTrial(result: TrialResult): void;
  /** Is shown how it goes. */
  progress?: Progress | undefined;
}

/** Whoever shows how an audit goes while it takes its time. */
export interface Progress {
  /** Before the first trial: all that have a result to come, and how many run at a time. */
  plans(trials: readonly Trial[], sideBySide: number): void;
  /** Of each trial, and of what the audit plants itself. */
  begins(trial: Trial): void;
  ends(trial: Trial): void;
}

/** Where a trial takes place. */
export interface Bench {
  broker: Broker;
  /** A virtual host that is there already, on a broker that somebody else runs. */
  vhost?: string;
}
