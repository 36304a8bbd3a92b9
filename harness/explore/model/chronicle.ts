import type { Event } from "../../history/event.ts";
import type { Terms } from "../plan/command.ts";

/** What was done to a queue, or promised about tasks, and between which events. */
export type Deed = { from: number; to: number } & (
  | { type: "declared"; queue: string; terms: Terms; accepted: boolean }
  | { type: "deleted"; queue: string }
  | {
      type: "published";
      tasks: readonly string[];
      persistent: boolean;
      mandatory: boolean;
      prioritized: boolean;
    }
  /** What a subject promises: to ack a task only after its effect. */
  | { type: "started"; subject: string; acksAfterWork: boolean }
  | { type: "broker"; harm: "restart" | "kill" | "pause" | "power-cut" }
);

/** All that is known of a run: what was done, and what the witnesses have seen. */
export interface Chronicle {
  deeds: readonly Deed[];
  events: readonly Event[];
  /** Programs that were still consuming in the end, and had all the time they needed. */
  serving: readonly string[];
  /** Of the broker: 3.10.8. */
  version: string;
}
