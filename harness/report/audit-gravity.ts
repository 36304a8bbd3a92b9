import type { ConvictionKind } from "../ledger/convictions.ts";

type Happened = (tasks: number) => string;

/**
 * What each kind of conviction says in a headline, the gravest first: what a queue is there to
 * prevent, then what puts tasks at risk, then habits.
 */
const HAPPENED: Record<ConvictionKind, Happened> = {
  lost: were("lost"),
  duplicated: were("done more than once"),
  // By such a tag the worker may have settled another task, or none.
  "misdirected ack": () => "tasks were answered by delivery tags of a channel that had ended",
  "at risk": were("acked before the effect was done"),
  "not consuming": () => "tasks waited for a worker that no longer consumed",
  "crashed on": () => "the worker did not survive a fault",
  "poison loop": () => "a task that can't be done was delivered over and over",
  "drain failed": () => "the worker did not end as it should after SIGTERM",
  remaining: were("left in the queue"),
  "automatic acks": () => "tasks were taken with automatic acks",
  "never acked": were("done and never acked"),
  "unknown delivery tag": () => "answers named no unacked delivery",
  "unbounded prefetch": () => "a consumer had no prefetch limit",
  "transient publishes": were("published as transient"),
  "unconfirmed publishes": () => "publishes were made without confirms",
  "unroutable publishes without mandatory": () => "unroutable publishes vanished unnoticed",
  unexpected: were("done that nobody had published"),
};

/** Every kind of conviction, the gravest first. */
export const GRAVEST_FIRST = Object.keys(HAPPENED) as ConvictionKind[];

/** The gravest first; those of one kind stay in their order. */
export function gravestFirst<T extends { kind: ConvictionKind }>(convictions: readonly T[]): T[] {
  return convictions.toSorted((a, b) => gravityOf(a.kind) - gravityOf(b.kind));
}

/** What a conviction means, in a clause: `3 tasks were lost`. */
export function happened(kind: ConvictionKind, tasks: number): string {
  return HAPPENED[kind](tasks);
}

/** From 0, the gravest. */
function gravityOf(kind: ConvictionKind): number {
  return GRAVEST_FIRST.indexOf(kind);
}

/** The words for what became of tasks, where it is known of how many. */
function were(what: string): Happened {
  return (tasks) => {
    if (tasks === 0) return `tasks were ${what}`;
    return tasks === 1 ? `1 task was ${what}` : `${tasks} tasks were ${what}`;
  };
}
