import type { FaultName, QueueType } from "../history/event.ts";
import type { Account } from "../ledger/account.ts";
import type { Availability } from "../ledger/availability.ts";
import type { Outcome } from "../ledger/verdict.ts";

export type SpecKind = "guarantee" | "limit" | "finding" | "measurement";

/** What a spec says of itself, before it is run. */
export interface SpecDeclaration {
  kind: SpecKind;
  /** The spec file's name: a family of promises. */
  family: string;
  /** The promise, in the words of its title. */
  promise: string;
  queueType: QueueType;
  fault: FaultName | "none";
  /** The documentation that promises it, or `observed` where none does. */
  docs: string;
  /** Its rank, 1 to 15, among the promises that most teams get wrong. */
  surprise?: number;
  /** Traffic flows while it runs: how many tasks there are depends on the machine. */
  underLoad?: true;
  /** Its file from the project's root, and the line that declares it. */
  file: string;
  line: number;
}

/** What one spec found on one broker and one type of queue. */
export interface SpecResult extends SpecDeclaration {
  /**
   * `setup`: the machine could not run it, so nothing was proven either way. `not-applicable`: the
   * broker lacks what it is about; `reasons` says what.
   */
  outcome: Outcome | "setup" | "not-applicable";
  account: Account;
  /** Answers of the broker that are the same in every run. They are in the document. */
  notes: string[];
  /** What was measured, and so differs from run to run. It is printed, and not in the document. */
  figures: string[];
  /** How long its faults kept confirms and deliveries away; absent where there is no verdict. */
  availability?: Availability;
  /** Why it is not `held`. */
  reasons: string[];
  /** What it failed with, in full, in lines: with the lives of tasks; only where it failed. */
  failure?: string;
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
    /** What a spec says of itself, but for its place. */
    spec?: Omit<SpecDeclaration, "family" | "file" | "line">;
    /** What it found. */
    ackproof?: SpecResult;
  }
}
