/** What a worker crashed on, what it had in hand then, and what it leaves behind. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";

const starts = () => story().starts("w").connects("w").consumes("w");
const both = () => starts().starts("v").connects("v").consumes("v");
const exits = (told: Story, but = {}) => told.exits("w", { code: 1, signal: null, ...but });
const reset = (told: Story) => told.injects("connection-reset", "w").hangsUp("w", { by: "link" });

function convictionsOf(told: Story): Conviction[] {
  return judge(told.events, { convictions: "all" }).convictions;
}

const toldOf = (told: Story) => convictionsOf(told).map(({ kind, tasks }) => [kind, tasks]);
const wordsOf = (told: Story) => convictionsOf(told).map(({ sentence }) => sentence);

describe("A crash", () => {
  it("by a signal is told with its name", () => {
    const told = exits(starts().stores("a").works("w", "a"), { code: null, signal: "SIGABRT" });
    expect(wordsOf(told.drains())).toEqual([expect.stringMatching(/^w crashed \(SIGABRT\): /)]);
  });

  it("is on the last fault before it, and on none after it", () => {
    const told = exits(reset(starts().stores("a").works("w", "a").injects("stall", "w")));
    expect(wordsOf(told.injects("memory-alarm", "broker").drains())).toEqual([
      expect.stringContaining("(exit code 1), after its connection was reset: "),
    ]);
  });

  it("on a fault is so, though a task that can't be done was in hand as well", () => {
    const told = starts().poisons("a").stores("a").delivers("a", "w").injects("stall", "w");
    const [sentence] = wordsOf(exits(told).hangsUp("w").drains("tasks", "a"));
    expect(sentence).not.toContain("on a task that can't be done");
  });

  it("of the last one leaves all behind: what it held, and what waits", () => {
    const told = exits(starts().stores("a", "b").delivers("a", "w")).hangsUp("w");
    expect(toldOf(told.drains("tasks", "a", "b"))).toEqual([["crashed on", ["a", "b"]]]);
  });

  it("beside others leaves behind what it held: the rest is theirs", () => {
    const told = exits(both().stores("a").works("w", "a")).hangsUp("w").stores("b").cancels("v");
    expect(toldOf(told.drains("tasks", "b"))).toEqual([
      ["crashed on", []],
      ["not consuming", ["b"]],
    ]);
  });

  it("of one that was started again leaves nothing behind that the next one had to do", () => {
    const told = exits(starts().stores("a").works("w", "a")).hangsUp("w").starts("w", 2);
    told.stores("b").injects("worker-kill", "w").dies("w", 2).witnesses("worker-kill");
    expect(toldOf(told.drains("tasks", "b"))).toEqual([
      ["remaining", ["b"]],
      ["crashed on", []],
    ]);
  });
});

describe("In the hand of one that crashed was", () => {
  const inHand = (told: Story) =>
    convictionsOf(told.drains())
      .filter(({ kind }) => kind === "crashed on")
      .flatMap(({ tasks }) => tasks);
  const crashes = (told: Story, pid = 1) => exits(told, { pid }).hangsUp("w");

  it("what it had not answered when its connection ended with it", () => {
    const told = crashes(both().stores("a").delivers("a", "w"));
    expect(inHand(told.works("v", "a"))).toEqual(["a"]);
  });

  it("a task that it was about to publish something for", () => {
    const told = crashes(both().stores("a").delivers("a", "w").holds("publish", "a", "w"));
    expect(inHand(told.works("v", "a"))).toEqual(["a"]);
  });

  it("what it had not answered, though its connection's end was not seen", () => {
    expect(inHand(exits(both().stores("a").delivers("a", "w")))).toEqual(["a"]);
  });

  it.each<[string, () => Story]>([
    ["another one had", () => crashes(both().stores("a").delivers("a", "v")).hangsUp("v")],
    ["it had not seen", () => crashes(both().stores("a").delivers("a", "w", { dropped: true }))],
    [
      "it had answered",
      () => crashes(both().stores("a").delivers("a", "w").acks("w", "a", { dropped: true })),
    ],
    [
      "it had rejected, though the link held that",
      () => crashes(both().stores("a").delivers("a", "w").holds("reject", "a", "w")),
    ],
    [
      "it had lost with its channel",
      () => crashes(both().stores("a").delivers("a", "w").closesChannel("w", { by: "broker" })),
    ],
    [
      "it had given back in order",
      () => exits(both().stores("a").delivers("a", "w").hangsUp("w", { clean: true })),
    ],
    [
      "it had lost long before",
      () => exits(both().stores("a").delivers("a", "w").hangsUp("w", { by: "link" }).waits(1_500)),
    ],
    [
      "its process before had",
      () => {
        const told = both().stores("a").delivers("a", "w").injects("worker-kill", "w").dies("w");
        return crashes(told.hangsUp("w").witnesses("worker-kill").starts("w", 2), 2);
      },
    ],
    [
      "its next process has",
      () => {
        const told = crashes(both()).starts("w", 2).connects("w").consumes("w").stores("a");
        return told.delivers("a", "w").signals("w", "SIGTERM", 2).hangsUp("w");
      },
    ],
  ])("nothing that %s", (_what, told) => {
    expect(inHand(told().works("v", "a"))).toEqual([]);
  });
});
