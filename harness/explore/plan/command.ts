import type { Moment, QueueType } from "../../history/event.ts";

/** The queue that subjects work on. */
export const TASKS = "tasks";
/** Where its dead letters go, if they go anywhere. */
export const DEAD = "dead";

/** What a queue is declared with. */
export interface Terms {
  type: QueueType;
  durable: boolean;
  /** The most tasks that may be ready in it. */
  maxLength?: number;
  /** What it does with one more; `drop-head` when left out. */
  overflow?: "drop-head" | "reject-publish";
  /** Milliseconds after which a task expires. */
  ttl?: number;
  /** Dead letters go to the queue `dead`; otherwise they are dropped. */
  deadLetters?: true;
  /** The highest priority; a classic queue's only. */
  maxPriority?: number;
}

export interface Publishing {
  count: number;
  /** How many are sent before the broker's answers are waited for. */
  batch: number;
  persistent: boolean;
  confirmed: boolean;
  mandatory: boolean;
  priority?: number;
}

/** A place for one subject at a time: `w1`, `w2` are programs, `c1`, `c2` consumers in hand. */
export const WORKERS = ["w1", "w2"] as const;
export const CONSUMERS = ["c1", "c2"] as const;
export type WorkerSlot = (typeof WORKERS)[number];
export type ConsumerSlot = (typeof CONSUMERS)[number];
export type Slot = WorkerSlot | ConsumerSlot;

export type Answer = "ack" | "reject" | "requeue";
export type NetworkHarm = "reset" | "close" | "half-open" | "stall";
export type BrokerHarm = "restart" | "kill" | "pause" | "power-cut";
export type Condition = "delivered" | "worked";

/** One thing that an exploration does. Plain data: it survives JSON as it is. */
export type Command =
  | { do: "declare"; terms: Terms }
  | { do: "declare-dead"; type: QueueType }
  | { do: "delete"; queue: typeof TASKS | typeof DEAD }
  | ({ do: "publish" } & Publishing)
  /** A correct worker, a process of its own. */
  | { do: "start"; who: WorkerSlot; prefetch: number }
  /** A consumer in the exploration's own hands. */
  | { do: "consume"; who: ConsumerSlot; prefetch: number; noAck: boolean }
  /** It answers for the oldest of what it holds; before an ack, it does the work. */
  | { do: "answer"; who: ConsumerSlot; how: Answer; count: number }
  /** In order: what it holds goes back. */
  | { do: "stop"; who: Slot }
  | { do: "kill"; who: WorkerSlot; at: Moment }
  | { do: "network"; who: Slot | "publisher"; harm: NetworkHarm }
  | { do: "broker"; harm: BrokerHarm }
  /** From now on, workers' effects happen. */
  | { do: "open" }
  /** Whatever lasts is over. */
  | { do: "heal" }
  | { do: "wait"; until: Condition };

export type Plan = readonly Command[];

/** Is it something that a broker which others use can't bear? */
export function disturbsBroker(plan: Plan): boolean {
  return plan.some((command) => command.do === "broker");
}
