/** What a worker that acks too early is told of, where some of its tasks were lost by it. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Expectation } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";

function judged(told: Story, but: Expectation = {}) {
  const { convictions, reasons, outcome } = judge(told.events, { convictions: "all", ...but });
  return { outcome, reasons, told: convictions.map(({ kind, tasks }) => [kind, tasks]) };
}

const LOST = ["lost", ["a"]];
const early = () => story().stores("a").delivers("a", "w").acks("w", "a");
const withMore = () => early().stores("b").delivers("b", "w").acks("w", "b").does("w", "b");

describe("A task that was lost by an early ack", () => {
  it("is told as lost, and not as at risk besides", () => {
    expect(judged(early().drains()).told).toEqual([LOST]);
  });

  it("is not counted among those that were at risk as well", () => {
    const { told, reasons } = judged(withMore().drains());
    expect(told).toEqual([LOST]);
    expect(reasons).toEqual([expect.stringContaining("1 more task was acked before the effect")]);
  });

  it.each<[string, () => Story, string[]]>([
    ["it alone", early, ["a"]],
    ["it and others", withMore, ["a", "b"]],
  ])("was at risk all the same, where losses are accepted: %s", (_what, course, ids) => {
    const { outcome, told } = judged(course().drains(), { allow: ["lost"] });
    expect({ outcome, told }).toEqual({ outcome: "broken", told: [LOST, ["at risk", ids]] });
  });

  it("is both to the suite's own experiments", () => {
    const { convictions } = judge(early().drains().events);
    expect(convictions.map(({ kind }) => kind)).toEqual(["lost", "at risk"]);
  });
});

describe("A task that was lost otherwise", () => {
  it("takes nothing from the risk of others", () => {
    const told = story().stores("a", "b").delivers("a", "w").rejects("w", "a").delivers("b", "w");
    expect(judged(told.acks("w", "b").does("w", "b").drains()).told).toEqual([
      LOST,
      ["at risk", ["b"]],
    ]);
  });

  it("by another worker takes nothing from the risk of this one's", () => {
    const told = early().stores("b").delivers("b", "v").acks("v", "b").does("v", "b");
    expect(judged(told.drains()).told).toEqual([LOST, ["at risk", ["b"]]]);
  });
});

describe("A publish of the same task makes no early ack right", () => {
  const byWorker = { subject: "w" };

  it.each<[string, () => Story]>([
    [
      "that the worker made before it had the task",
      () => story().publishes("a", byWorker).confirms("a", byWorker).delivers("a", "w"),
    ],
    ["that somebody else made", () => story().stores("a").delivers("a", "w").stores("a")],
  ])("%s", (_whose, course) => {
    const told = course().acks("w", "a").does("w", "a");
    expect(judged(told.drains()).told).toContainEqual(["at risk", ["a"]]);
  });
});
