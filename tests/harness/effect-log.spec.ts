/** A worker that logs its effects, and calls no sink, is accounted for by its log. */
import { expect, test } from "vitest";
import { judge } from "./judge.ts";

test("effects in a log count", async () => {
  const { account } = await judge("none", async (rig) => {
    await rig.workers(1, { effects: "log" });
    await rig.publish(10);
    await rig.settle();
    expect(rig.seen.effectsOf("worker-1")).toEqual([]);
  });
  expect(account).toEqual({ published: 10, confirmed: 10, completed: 10 });
});

test("the same task in two logs is a duplicate", async () => {
  const { account } = await judge("worker-kill", async (rig) => {
    await rig.workers(2, { effects: "log" });
    const killed = rig.kill("worker-1", { at: "ack-held" });
    await rig.publish(10);
    await killed;
  });
  expect(account).toEqual({ published: 10, confirmed: 10, completed: 9, duplicated: 1 });
});
