import type { Broker } from "../broker/broker.ts";
import type { TrialResult } from "../report/audit-result.ts";
import type { EffectSource } from "./effects/effect-source.ts";
import type { AuditOptions } from "./options.ts";

/** What all trials of an audit have in common. */
export interface Court {
  options: AuditOptions;
  effects: EffectSource;
  /** The run's id: tasks carry it, so that no other run has any of them. */
  run: string;
  /** Ends the audit before its time. */
  signal: AbortSignal;
  /** Is told of each trial that has ended. */
  onTrial(result: TrialResult): void;
}

/** Where a trial takes place. */
export interface Bench {
  broker: Broker;
  /** A virtual host that is there already, on a broker that somebody else runs. */
  vhost?: string;
}
