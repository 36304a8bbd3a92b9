/**
 * Plans drawn at random, by a seed that stays the same: so many without faults of the broker and so
 * many with them. `npm run explore` goes on from here, with another seed each time.
 */
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { explore } from "../../harness/explore/explore.ts";
import { groundsOn } from "../../harness/explore/grounds.ts";
import { seedOf } from "../../harness/explore/plan/seed.ts";
import type { Run } from "../../harness/explore/run-plan.ts";
import { findLines } from "../../harness/explore/telling.ts";
import { laneBroker } from "../../harness/vitest.ts";

const SEED = seedOf(4711);

const { signal } = new AbortController();

test.each([
  { disturbed: "none", runs: 20, what: "without faults of the broker" },
  { disturbed: "all", runs: 2, what: "with faults of the broker" },
] as const)("$runs plans $what break no promise", async ({ disturbed, runs }) => {
  const grounds = groundsOn([await laneBroker()], disturbed);
  const explored = await explore(grounds, { seed: SEED, runs, disturbed, signal });
  expect(explored.runs.flatMap(findLines)).toEqual([]);
  expect(explored.runs.length).toBe(runs);
  const published = explored.runs.map(({ run }) => run.account.published ?? 0);
  expect(published.filter((count) => count > 0).length).toBeGreaterThan(runs / 2);
});

test("a worker that acks before its work is found out, and shrunk to three commands", async () => {
  const grounds = groundsOn([await laneBroker()], "none");
  const options = { seed: SEED, runs: 20, disturbed: "none", signal } as const;
  const explored = await explore(grounds, { ...options, planted: "early-acks", untilFound: true });
  const [find] = explored.runs.flatMap((run) => run.find ?? []);
  for (const { run, find } of explored.runs) for (const each of [run, find?.run]) discard(each);
  expect(find?.shrunk.map((command) => command.do)).toEqual(["declare", "start", "publish"]);
  expect(find?.run.accusations[0]?.rule).toBe("acks follow the work");
  expect(find?.repeated).toEqual({ broken: 3, of: 3 });
});

/** What was planted is no news, and not kept. */
function discard(run: Run | undefined): void {
  if (run?.path !== undefined) rmSync(run.path, { recursive: true, force: true });
}
