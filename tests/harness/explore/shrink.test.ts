import { sample } from "fast-check";
import { expect, test } from "vitest";
import type { Command, Plan } from "../../../harness/explore/plan/command.ts";
import { Plans } from "../../../harness/explore/plan/draw.ts";
import { simpler, smaller } from "../../../harness/explore/plan/shrink.ts";

const some = sample(new Plans(true), { numRuns: 50, seed: 1 });

/** Goes on to the first smaller plan of which the same is true, as shrinking does. */
function shrunk(plan: Plan, isBroken: (plan: Plan) => boolean): { plan: Plan; tried: number } {
  let tried = 0;
  for (const candidate of smaller(plan)) {
    tried += 1;
    if (!isBroken(candidate)) continue;
    const further = shrunk(candidate, isBroken);
    return { plan: further.plan, tried: tried + further.tried };
  }
  return { plan, tried };
}

const has = (plan: Plan, what: Command["do"]) => plan.some((command) => command.do === what);

test("only what breaks is left, in its simplest form", () => {
  const isBroken = (plan: Plan) =>
    plan.some((command) => command.do === "publish" && command.count >= 7) && has(plan, "broker");
  const broken = some.filter(isBroken);
  expect(broken.length).toBeGreaterThan(10);
  for (const plan of broken) {
    const { plan: left, tried } = shrunk(plan, isBroken);
    expect(left.map((command) => command.do).sort()).toEqual(["broker", "publish"]);
    expect(left.find((command) => command.do === "publish")).toMatchObject({ count: 7 });
    expect(tried).toBeLessThan(100);
  }
});

test("what depends on the order keeps it", () => {
  const isBroken = (plan: Plan) => {
    const declared = plan.findIndex((command) => command.do === "declare");
    return declared >= 0 && plan.slice(declared).some((command) => command.do === "publish");
  };
  const [plan = []] = some.filter(isBroken);
  expect(shrunk(plan, isBroken).plan.map((command) => command.do)).toEqual(["declare", "publish"]);
});

test("no plan is its own smaller one, and none is empty", () => {
  for (const plan of some) {
    const all = [...smaller(plan)];
    expect(all.every((one) => one.length > 0)).toBe(true);
    expect(all.map((one) => JSON.stringify(one))).not.toContain(JSON.stringify(plan));
  }
});

test("making a command simpler comes to an end", () => {
  for (const command of some.flat()) {
    let [next] = simpler(command);
    for (let steps = 0; next; steps++) {
      expect(steps).toBeLessThan(20);
      [next] = simpler(next);
    }
  }
});
