import { EVERYONE } from "../history/event.ts";
import type { Scope } from "../link/impairment.ts";

/** A subject, one connection of it by its number, or `EVERYONE`, the harness itself included. */
export type NetworkTarget = string | { subject: string; connection: number };

export function subjectOf(target: NetworkTarget): string {
  return typeof target === "string" ? target : target.subject;
}

export function scopeOf(target: NetworkTarget): Scope {
  if (typeof target !== "string") return target;
  return target === EVERYONE ? {} : { subject: target };
}

/** How a fault's event names it. */
export function namesOf(target: NetworkTarget): { target: string; connection?: number } {
  if (typeof target === "string") return { target };
  return { target: target.subject, connection: target.connection };
}
