import { expect } from "vitest";
import type { Fact } from "../../../harness/history/event.ts";
import type { History } from "../../../harness/history/history.ts";
import { until } from "../../../harness/until.ts";

/** Milliseconds. What a client has noticed, the link is about to record. */
const DEADLINE = 10_000;

type Counts = Partial<Record<Fact["type"], number>>;

/** How many tasks each type of fact is about; a fact that is not about tasks counts as one. */
export function recorded(history: History): Counts {
  const counts: Counts = {};
  for (const event of history.events) {
    const about = "tasks" in event ? event.tasks.length : 1;
    counts[event.type] = (counts[event.type] ?? 0) + about;
  }
  return counts;
}

/**
 * Once its connections have ended, the link has on record what crossed it: it was neither blind,
 * nor did it see what wasn't.
 */
export async function expectRecorded(
  history: History,
  connections: number,
  records: Counts,
): Promise<void> {
  const what = `${connections} connections to have ended`;
  await until(what, history, () => recorded(history)["connection-closed"] === connections, {
    deadline: DEADLINE,
    lastSeen: () => JSON.stringify(recorded(history)),
  });
  const counts = recorded(history);
  const each = { "connection-opened": connections, "client-identified": connections };
  expect(counts).toMatchObject({ ...each, ...records });
  expect(counts["protocol-violation"]).toBeUndefined();
}
