import type { Event } from "../history/event.ts";
import { describe } from "./telling.ts";

export { lifeOf } from "../history/life.ts";

/** The life of a task as lines of text, each with its time since the run began. */
export function describeLife(life: readonly Event[], task?: string): string[] {
  const times = life.map(({ at }) => `+${at.toFixed(1)} ms`);
  const width = Math.max(0, ...times.map((time) => time.length));
  return life.map((event, index) => `  ${times[index]?.padStart(width)}  ${describe(event, task)}`);
}
