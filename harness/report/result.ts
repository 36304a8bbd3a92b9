import type { FaultName, QueueType } from "../history/event.ts";
import type { Account } from "../ledger/account.ts";
import type { Outcome } from "../ledger/verdict.ts";

export type SpecKind = "guarantee" | "limit" | "finding" | "measurement";

/** What one spec found on one broker and one type of queue. */
export interface SpecResult {
  kind: SpecKind;
  /** The spec file's name: a family of promises. */
  family: string;
  /** The promise, in the words of its title. */
  promise: string;
  queueType: QueueType;
  fault: FaultName | "none";
  /** RabbitMQ's documentation of it. */
  docs: string;
  /** `setup`: the machine could not run it, so nothing was proven either way. */
  outcome: Outcome | "setup";
  account: Account;
  /** Figures and remarks of the spec's own. */
  notes: string[];
  /** Why it is not `held`. */
  reasons: string[];
  /** The directory with its history; only where it is kept. */
  run?: string;
  broker: { image: string; version: string };
  /** Where the time went, in milliseconds: broker restarts, other waits, the whole. */
  time: { boots: number; waits: number; total: number };
  /** The most memory that the process of this spec has held so far, in bytes. */
  memory?: number;
}

declare module "vitest" {
  interface TaskMeta {
    ackproof?: SpecResult;
  }
}
