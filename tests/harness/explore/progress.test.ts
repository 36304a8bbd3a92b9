/** What a person sees of an exploration that takes its time. */
import { expect, test } from "vitest";
import { ExploreProgress, type Extent } from "../../../harness/explore/progress.ts";
import type { Run } from "../../../harness/explore/run-plan.ts";

function exploring(extent: Extent) {
  let now = 0;
  const progress = new ExploreProgress(extent, () => now);
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  let number = 0;
  const end = (outcome: Run["outcome"]) => {
    number += 1;
    progress.tries(number, false);
    progress.ends({ number, run: { outcome } as Run });
  };
  return { progress, pass, end };
}

test("before it begins, the brokers boot, and that is no part of the rate", () => {
  const { progress, pass, end } = exploring({ runs: 8 });
  pass(10_000);
  expect(progress.lines).toEqual(["explore  waiting for the brokers · 10 s"]);
  progress.begins();
  for (const outcome of ["held", "held", "broken", "inconclusive"] as const) end(outcome);
  pass(60_000);
  expect(progress.lines).toEqual([
    "explore  4 of 8 runs · 1 min 0 s, about 60 s left · 2 held, 1 broken, 1 proved nothing · 4 runs a minute",
  ]);
});

test("where it goes on for a time, that is what is left", () => {
  const { progress, pass, end } = exploring({ time: 90_000 });
  progress.begins();
  end("held");
  pass(30_000);
  expect(progress.lines).toEqual(["explore  1 run · 30 s, about 60 s left · 1 held, 0 broken"]);
});

test("it is too early to tell how long so many runs take", () => {
  const { progress, pass, end } = exploring({ runs: 100 });
  for (const _ of [1, 2, 3]) end("held");
  pass(30_000);
  expect(progress.lines).toEqual(["explore  3 of 100 runs · 30 s · 3 held, 0 broken"]);
});

test("runs that take their time are seen: those of the broker, and one that is shrunk", () => {
  const { progress, pass } = exploring({ runs: 100 });
  progress.tries(7, false);
  progress.tries(8, true);
  pass(4_000);
  expect(progress.lines.slice(1)).toEqual(["   4 s  run 8 · faults of the broker"]);
  for (const _ of [1, 2]) progress.tries(7, false);
  expect(progress.lines.slice(1)).toEqual([
    "   4 s  run 7 · broken, being shrunk · 3 tries",
    "   4 s  run 8 · faults of the broker",
  ]);
  progress.ends({ number: 7, run: { outcome: "broken" } as Run });
  expect(progress.lines.slice(1)).toEqual(["   4 s  run 8 · faults of the broker"]);
});
