import type { FaultName, QueueType } from "../history/event.ts";
import type { Expectation } from "../ledger/verdict.ts";
import type { Identity } from "../link/identity.ts";
import type { Nodes } from "./nodes.ts";
import type { PublishOptions } from "./publisher.ts";
import type { Rig } from "./rig.ts";
import type { RunDirectory } from "./run-directory.ts";

/** What an experiment is made of: where it takes place, how tasks are published, who judges. */
export interface RigOptions extends Nodes {
  queueType: QueueType;
  /**
   * The fault that the experiment is about. A run in which it never landed proves nothing. Left out,
   * whichever are injected must land.
   */
  fault?: FaultName | "none" | undefined;
  directory: RunDirectory;
  /** The queue that workers are told to consume from; `tasks` when left out. */
  queue?: string;
  /** What a queue is whose declaration does not say it; classic when left out. */
  defaultQueueType?: QueueType;
  /** A virtual host that is there and stays, in place of one of the rig's own. */
  vhost?: string;
  /** How tasks are published, where not as usual. */
  publishing?: Partial<PublishOptions>;
  /** What the n-th task is called, from 1; `task-<n>` when left out. */
  taskName?: (n: number) => string;
  /** By which standard the ledger judges, besides the fault. */
  expectation?: Expectation;
  /**
   * Every effect is seen as it happens, so that a task which was acked before its effect is waited
   * for: whoever works in that order is not to be stopped in between, where nothing is at fault.
   */
  effectsAreLive?: boolean;
  /** Milliseconds in which nothing moves before what has no end counts as stuck. */
  patience?: number;
  /** How the wire tells which task a message is about; by its `messageId` when left out. */
  identity?: Identity;
  /** The queues that are drained in the end, where they are not those that the rig has declared. */
  drains?: (rig: Rig) => Promise<string[]>;
  /** Of the tasks in flight, each with its queue, those that the drain waits for; all if left out. */
  returning?: (inFlight: ReadonlyMap<string, string>) => ReadonlyMap<string, string>;
  /** Records effects that can be found only when all is over. */
  collect?: (rig: Rig) => Promise<void>;
}
