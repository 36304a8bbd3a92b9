import type { WantChange } from "./want.ts";

/** A copy of a task that is in a queue, or on its way there. */
export interface Copy {
  /** Null where an exchange chooses it. */
  readonly queue: string | null;
  /** The broker has taken the responsibility for it. */
  isReady: boolean;
  /** What its coming changes for those who wait for deliveries. */
  change: WantChange | null;
}
