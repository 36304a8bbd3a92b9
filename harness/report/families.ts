import type { QueueType } from "../history/event.ts";
import type { SpecKind, SpecResult } from "./result.ts";

export const QUEUE_TYPES: readonly QueueType[] = ["classic", "quorum"];

/** A promise, with everything that was found about it. */
export interface PromiseResults {
  kind: SpecKind;
  promise: string;
  found: SpecResult[];
}

export interface Family {
  name: string;
  promises: PromiseResults[];
}

/** Results by family, in alphabetical order, and by promise, in the order of the spec files. */
export function familiesOf(specs: readonly SpecResult[]): Family[] {
  const byFamily = Map.groupBy(specs, ({ family }) => family);
  return [...byFamily]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, members]) => ({
      name,
      promises: [...Map.groupBy(members, ({ promise }) => promise)].map(([promise, found]) => ({
        kind: found[0]?.kind ?? "guarantee",
        promise,
        found,
      })),
    }));
}

/** What a promise is headed with: a guarantee needs no word for it. */
export function promiseTitle({ kind, promise }: PromiseResults): string {
  return kind === "guarantee" ? promise : `${kind}: ${promise}`;
}
