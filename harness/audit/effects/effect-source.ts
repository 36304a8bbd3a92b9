import type { ChannelModel } from "amqplib";
import type { History } from "../../history/history.ts";
import type { Identifiable } from "../identity.ts";

/** Of one trial, what a source of effects may need to look. */
export interface Sight {
  history: History;
  /** The environment of the trial's subjects, for a probe that wants to look the same way. */
  environment: Record<string, string>;
  /** The ids of the trial's tasks: no other trial has any of them. */
  tasks: readonly string[];
  /** The names of the subjects that ran. */
  subjects: readonly string[];
  /** Where each subject's effect log is. */
  effectLog(subject: string): string;
  /** The task's id that a message carries. */
  identify(message: Identifiable): string | null;
  /** Connects to the broker past the link: what is done there is nothing to the wire. */
  connect(): Promise<ChannelModel>;
}

/** Where an audit learns that a task's work was done. */
export interface EffectSource {
  /** Can an effect be held as it happens, so that a worker stands mid-task? */
  readonly isLive: boolean;
  /** Does it see effects at all? */
  readonly sees: boolean;
  /** Which variables of the contract a worker is given because of it. */
  readonly gives: readonly ("EFFECT_URL" | "EFFECT_LOG" | "OUTPUT_QUEUE")[];
  /**
   * Records what was done, as `effect-logged`, once the subjects have ended and queues are drained.
   *
   * @throws {Inconclusive} when it can't tell, in words for the user.
   */
  collect(sight: Sight): Promise<void>;
}
