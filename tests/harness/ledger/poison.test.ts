/** Which tasks that nobody can do make a loop, and whose it is. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";

function convictionsOf(told: Story): Conviction[] {
  return judge(told.events, { convictions: "all", deliveries: 3 }).convictions;
}

const toldOf = (told: Story) => convictionsOf(told).map(({ kind, tasks }) => [kind, tasks]);

describe("A poison loop", () => {
  const looping = (times: number, told = story().poisons("a").stores("a", "b")) => {
    for (let time = 0; time < times; time++) {
      told.delivers("a", "w").fails("w", "a").rejects("w", "a", { requeue: true });
    }
    return told;
  };

  it("of several workers is nobody's in particular", () => {
    const told = looping(3).delivers("a", "v").fails("v", "a").rejects("v", "a").works("w", "b");
    const [loop, ...others] = convictionsOf(told.drains());
    expect(loop).toMatchObject({ kind: "poison loop", tasks: ["a"] });
    expect(loop).not.toHaveProperty("subject");
    expect(others).toEqual([]);
  });

  it("is none of a task that came once, though it and others remain", () => {
    expect(toldOf(looping(1).drains("tasks", "a", "b"))).toEqual([
      ["remaining", ["a"]],
      ["remaining", ["b"]],
    ]);
  });

  it("is none of a task that was put aside in time, though others remain", () => {
    const told = looping(2).delivers("a", "w").rejects("w", "a").drains("tasks", "b");
    expect(toldOf(told)).toEqual([["remaining", ["b"]]]);
  });

  it("that ended is no reason why others remain", () => {
    const told = looping(4).delivers("a", "w").rejects("w", "a").drains("tasks", "b");
    expect(toldOf(told)).toEqual([
      ["remaining", ["b"]],
      ["poison loop", ["a"]],
    ]);
  });

  it("is none where a worker that no longer consumes is why they remain", () => {
    const told = looping(
      2,
      story().starts("w").connects("w").consumes("w").poisons("a").stores("a", "b"),
    ).cancels("w");
    expect(toldOf(told.drains("tasks", "a", "b"))).toEqual([["not consuming", ["a", "b"]]]);
  });

  it("is none of a task that nobody took", () => {
    const [left] = convictionsOf(story().poisons("a").stores("a").drains("tasks", "a"));
    expect(left?.sentence).not.toContain("can't be done");
  });
});
