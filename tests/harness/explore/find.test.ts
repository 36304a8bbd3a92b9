import { expect, test } from "vitest";
import { SetupError } from "../../../harness/errors.ts";
import { explorePlan, type TryPlan } from "../../../harness/explore/find.ts";
import type { RuleName } from "../../../harness/explore/model/accusation.ts";
import type { Plan } from "../../../harness/explore/plan/command.ts";
import type { Run } from "../../../harness/explore/run-plan.ts";

const DRAWING = { seed: 1, withBroker: true };
const { signal } = new AbortController();

/** A run that breaks these rules, or none. */
function ran(...rules: RuleName[]): Run {
  const accusations = rules.map((rule) => ({ rule, sentence: rule, docs: "" }));
  const outcome = rules.length > 0 ? "broken" : "held";
  return { outcome, accusations, doubts: [], account: {}, fates: {}, performed: 0, path: "kept" };
}

const hasBroker = (plan: Plan) => plan.some((command) => command.do === "broker");

test("what holds is run once", async () => {
  let runs = 0;
  const tryPlan: TryPlan = async () => {
    runs += 1;
    return ran();
  };
  const { run, find } = await explorePlan(DRAWING, tryPlan, signal);
  expect([run.outcome, find, runs]).toEqual(["held", undefined, 1]);
});

test("what breaks a promise is shrunk, and run three more times", async () => {
  const tryPlan: TryPlan = async (plan) => (hasBroker(plan) ? ran("fate") : ran());
  const { plan, find } = await explorePlan(DRAWING, tryPlan, signal);
  expect(find?.drawn).toEqual(plan);
  expect(find?.shrunk.map((command) => command.do)).toEqual(["broker"]);
  expect(find?.repeated).toEqual({ broken: 3, of: 3 });
});

test("another broken promise on the way is not followed", async () => {
  const tryPlan: TryPlan = async (plan) =>
    plan.length > 3 && hasBroker(plan) ? ran("fate") : ran("no copies");
  const { find } = await explorePlan(DRAWING, tryPlan, signal);
  expect(find?.shrunk.length).toBe(4);
});

test("what broke once and never again is told as such", async () => {
  let runs = 0;
  const tryPlan: TryPlan = async () => (runs++ === 0 ? ran("fate") : ran());
  const { plan, find } = await explorePlan(DRAWING, tryPlan, signal);
  expect(find?.shrunk).toEqual(plan);
  expect(find?.repeated).toEqual({ broken: 0, of: 3 });
});

test("an interruption ends the shrinking, and keeps what was found", async () => {
  const ending = new AbortController();
  let runs = 0;
  const tryPlan: TryPlan = async () => {
    if (++runs === 3) ending.abort();
    return ran("fate");
  };
  const { find } = await explorePlan(DRAWING, tryPlan, ending.signal);
  expect(runs).toBe(3);
  expect(find?.repeated).toEqual({ broken: 0, of: 0 });
  expect(find?.shrunk.length).toBeLessThan(find?.drawn.length ?? 0);
});

test("a machine that can't go on is no broken promise", async () => {
  const tryPlan: TryPlan = async () => {
    throw new SetupError("no room");
  };
  await expect(explorePlan(DRAWING, tryPlan, signal)).rejects.toThrow("no room");
});
