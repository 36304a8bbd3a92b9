/**
 * The model is tested: faults are planted in its world, which it is not told of, and it has to find
 * each within a hundred runs. `tests/exploration` shows that it accuses nobody of what he did not
 * do.
 */
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { explore } from "../../../harness/explore/explore.ts";
import { type Disturbed, groundsOn } from "../../../harness/explore/grounds.ts";
import { seedOf } from "../../../harness/explore/plan/seed.ts";
import type { Run } from "../../../harness/explore/run-plan.ts";
import type { PlantedName } from "../../../harness/explore/world/planted.ts";
import { laneBroker } from "../../../harness/vitest.ts";

const RUNS = 100;

const { signal } = new AbortController();

interface Case {
  what: string;
  planted: PlantedName;
  rules: string[];
  disturbed?: Disturbed;
  /** One that draws it early; each run with faults of the broker takes seconds. */
  seed?: number;
}

test.each<Case>([
  {
    what: "a link that drops every 50th confirm",
    planted: "dropped-confirms",
    rules: ["every publish is answered"],
  },
  {
    what: "a link that drops every 50th ack",
    planted: "dropped-acks",
    rules: ["acked stays acked"],
  },
  {
    what: "a link that replays every 50th publish",
    planted: "replayed-publishes",
    rules: ["no copies", "acked stays acked", "flagged as redelivered", "one at a time", "fate"],
  },
  {
    what: "a worker that acks before its work",
    planted: "early-acks",
    rules: ["acks follow the work"],
  },
  { what: "a policy that drops tasks", planted: "hidden-limit", rules: ["fate"] },
  {
    what: "a producer whose tasks are not persistent",
    planted: "transient-publishes",
    rules: ["fate"],
    disturbed: "all",
    seed: 1,
  },
])(
  "$what is found within 100 runs",
  async ({ planted, rules, disturbed = "none", seed = 2 }: Case) => {
    const grounds = groundsOn([await laneBroker()], disturbed);
    const explored = await explore(grounds, {
      seed: seedOf(seed),
      runs: RUNS,
      disturbed,
      planted,
      signal,
      untilFound: true,
      shrinking: 0,
    });
    const [find] = explored.runs.flatMap((run) => run.find ?? []);
    for (const { run, find } of explored.runs) for (const each of [run, find?.run]) discard(each);
    const broken = new Set(find?.run.accusations.map(({ rule }) => rule));
    expect(broken.size).toBeGreaterThan(0);
    expect(rules).toEqual(expect.arrayContaining([...broken]));
  },
);

/** What was planted is no news, and not kept. */
function discard(run: Run | undefined): void {
  if (run?.path !== undefined) rmSync(run.path, { recursive: true, force: true });
}
