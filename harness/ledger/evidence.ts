import type { EventOf } from "../history/event.ts";
import type { ConvictionKind } from "./convictions.ts";
import type { Effects } from "./effects.ts";
import type { Fate } from "./fates.ts";
import type { Habits } from "./habits.ts";
import type { Life } from "./lives.ts";
import type { Queues } from "./queues.ts";
import type { StaleTags } from "./stale-tags.ts";
import type { Standing } from "./standing.ts";
import type { Tasks } from "./tasks.ts";
import type { Expectation } from "./verdict.ts";
import type { Wire } from "./wire.ts";

/** A fact to be answered for, whether or not this run came to harm by it. */
export interface Conviction {
  kind: ConvictionKind;
  /** What happened, how often, why, and what to change, in plain words. */
  sentence: string;
  tasks: string[];
  /** Who did it, where one subject did. */
  subject?: string;
  /** Of one that crashed: its process has ended. One that hangs is still there. */
  exited?: true;
}

/** All that a conviction can be based on. */
export interface Evidence {
  /** In the order of their injections. */
  readonly faults: readonly EventOf<"fault-injected">[];
  /** In the order of their starts. */
  readonly lives: readonly Life[];
  /** Who stood when the experiment ended. */
  readonly standing: readonly Standing[];
  /** When the history ends, in milliseconds of the run. */
  readonly end: number;
  readonly expectation: Expectation;
  readonly tasks: Tasks;
  readonly queues: Queues;
  readonly wire: Wire;
  readonly effects: Effects;
  readonly staleTags: StaleTags;
  readonly habits: Habits;
  readonly fates: ReadonlyMap<string, Fate>;
}

/** Convictions of how subjects live, and the remaining tasks that they explain. */
export interface Explained {
  readonly convictions: Conviction[];
  readonly tasks: ReadonlySet<string>;
}

export function conviction(
  kind: ConvictionKind,
  sentence: string,
  tasks: Iterable<string>,
  subject = "",
): Conviction {
  return { kind, sentence, tasks: [...tasks], ...(subject === "" ? {} : { subject }) };
}

export function remainingOf({ fates }: Evidence): string[] {
  return [...fates].filter(([, fate]) => fate === "remaining").map(([id]) => id);
}
