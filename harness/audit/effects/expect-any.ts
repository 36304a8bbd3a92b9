import { DRAIN } from "../../ledger/subjects.ts";
import { Inconclusive } from "../../scenario/inconclusive.ts";
import type { Sight } from "./effect-source.ts";

/**
 * Where workers have acked, and not one effect was found, it is likelier that somebody looks in the
 * wrong place than that all of the work was lost.
 *
 * @param seen what was found instead, to begin a sentence with.
 * @throws {Inconclusive} in that case.
 */
export function expectAny({ history, tasks }: Sight, seen: string, question: string): void {
  const { events } = history;
  if (events.some(({ type }) => type === "effect-logged" || type === "effect-done")) return;
  const known = new Set(tasks);
  const acked = new Set<string>();
  for (const event of events) {
    if (event.type !== "acked" || event.subject === DRAIN) continue;
    for (const task of event.tasks) if (task !== null && known.has(task)) acked.add(task);
  }
  if (acked.size === 0) return;
  throw new Inconclusive([`${seen}, although ${acked.size} of its tasks were acked: ${question}`]);
}
