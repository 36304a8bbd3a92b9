/** Answers that the broker may not take, and deliveries that no client takes. */
import { describe, expect, it } from "vitest";
import { judge, Ledger } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

function ledgerOf(told: Story): Ledger {
  const ledger = new Ledger();
  for (const event of told.events) ledger.add(event);
  return ledger;
}

const outstandingAfter = (told: Story) => ledgerOf(told).outstanding();

describe("A delivery to a consumer that the broker has cancelled", () => {
  /** What `w` is said to have had in hand when it crashed. */
  function inHand(course: (told: Story) => Story): string[] {
    const told = course(story().starts("w").connects("w").consumes("w").stores("a"));
    told.delivers("a", "w").exits("w", { code: 1, signal: null }).hangsUp("w").works("v", "a");
    const { convictions } = judge(told.drains().events, { convictions: "all" });
    expect(convictions.map(({ kind }) => kind)).toEqual(["crashed on"]);
    return convictions.flatMap(({ tasks }) => tasks);
  }

  it("is in nobody's hand", () => {
    expect(inHand((told) => told.cancels("w"))).toEqual([]);
  });

  it("is in its hand once it consumes again by that name", () => {
    expect(inHand((told) => told.cancels("w").consumes("w"))).toEqual(["a"]);
  });

  it("is in its hand where it cancelled by itself: what was on its way still comes", () => {
    expect(inHand((told) => told.cancels("w", "client"))).toEqual(["a"]);
  });

  it("is in its hand where another consumer was cancelled", () => {
    const other = { type: "consumer-cancelled", consumer: "other", by: "broker" } as const;
    expect(inHand((told) => told.tells({ ...other, ...told.at("w") }))).toEqual(["a"]);
  });
});

describe("A task may come again", () => {
  const sent = () => story().stores("a", "b").delivers("a", "w").delivers("b", "w");
  const cancelled = () => sent().cancels("w").acks("w", "a").acks("w", "b");
  const doomed = () => sent().acks("w", "a").acks("w", "a", { tasks: [] }).acks("w", "b");

  it.each<[string, () => Story, string[]]>([
    ["that was acked when the broker had cancelled its consumer", cancelled, ["a", "b"]],
    [
      "that was rejected for good then",
      () => sent().acks("w", "a").cancels("w").rejects("w", "b"),
      ["b"],
    ],
    ["that was acked behind a tag that names nothing: the broker reads no further", doomed, ["b"]],
    [
      "that was acked behind a multiple ack of a tag that names nothing",
      () => sent().acks("w", "a", { tasks: [], tag: 9, multiple: true }).acks("w", "b"),
      ["a", "b"],
    ],
  ])("%s", (_which, told, ids) => {
    expect(outstandingAfter(told())).toEqual(ids);
  });

  it.each<[string, () => Story]>([
    ["once it has come, and was acked", () => cancelled().works("v", "a", "b")],
    ["once the drain has it", () => cancelled().drains("tasks", "a", "b")],
    [
      "once it has come on another channel than the one that was closed",
      () => doomed().closesChannel("w", { by: "broker", code: 406 }).works("v", "b"),
    ],
  ])("and no longer %s", (_when, told) => {
    expect(outstandingAfter(told())).toEqual([]);
  });

  it.each<[string, () => Story]>([
    [
      "acked before its consumer was cancelled",
      () => sent().acks("w", "a").acks("w", "b").cancels("w"),
    ],
    [
      "acked after it cancelled its consumer itself",
      () => sent().cancels("w", "client").acks("w", "a").acks("w", "b"),
    ],
    [
      "acked behind an ack of everything, where there was nothing",
      () => {
        const told = story().stores("a").acks("w", null, { tasks: [], tag: 0, multiple: true });
        return told.delivers("a", "w").acks("w", "a");
      },
    ],
    [
      "acked behind the worker's own ack of what the link had acked",
      () => sent().forges("w", "a").acks("w", "a", { tasks: [] }).acks("w", "b"),
    ],
  ])("but not one that was %s", (_which, told) => {
    expect(outstandingAfter(told())).toEqual([]);
  });
});

describe("A task whose publish has no answer", () => {
  const unknown = () => story().publishes("a").delivers("a", "w").hangsUp("w");

  it("is outstanding while it waits to come again", () => {
    expect(outstandingAfter(unknown())).toEqual(["a"]);
  });

  it.each<[string, () => Story]>([
    ["has come again, and was acked", () => unknown().delivers("a", "v").acks("v", "a")],
    ["is with the drain", () => unknown().drains("tasks", "a")],
  ])("is not, once it %s", (_what, told) => {
    expect(outstandingAfter(told())).toEqual([]);
  });
});
