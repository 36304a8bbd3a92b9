/** Who stands at the end of an experiment, and with what in hand. */
import { describe, expect, it } from "vitest";
import type { FaultName } from "../../../harness/history/event.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction, Expectation } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";

const starts = () => story().starts("w").connects("w").consumes("w");
const both = () => starts().starts("v").connects("v").consumes("v");
const exits = (told: Story, but = {}) => told.exits("w", { code: 1, signal: null, ...but });
const reset = (told: Story) => told.injects("connection-reset", "w").hangsUp("w", { by: "link" });

function convictionsOf(told: Story, but: Expectation = {}): Conviction[] {
  return judge(told.events, { convictions: "all", ...but }).convictions;
}

const toldOf = (told: Story, but: Expectation = {}) =>
  convictionsOf(told, but).map(({ kind, tasks }) => [kind, tasks]);
const wordsOf = (told: Story) => convictionsOf(told).map(({ sentence }) => sentence);
const REMAINING = [["remaining", ["a"]]];

describe("The experiment goes on", () => {
  it.each<FaultName>(["worker-kill", "producer-kill", "early-ack"])(
    "when a %s ends a worker: how another one stands then is no matter",
    (fault) => {
      const told = starts().starts("v").connects("v").stores("a").injects(fault, "w").dies("w");
      expect(toldOf(told.hangsUp("w").consumes("v").drains("tasks", "a"))).toEqual(REMAINING);
    },
  );

  it("when another fault follows on a stop", () => {
    const told = starts().starts("v").connects("v").stores("a").signals("w", "SIGTERM");
    exits(told, { code: 0 }).hangsUp("w", { clean: true }).injects("stall", "v").consumes("v");
    expect(toldOf(told.drains("tasks", "a"))).toEqual(REMAINING);
  });
});

describe("One that does not consume", () => {
  it("is one that stood still, and goes on", () => {
    const told = starts().cancels("w").stores("a").signals("w", "SIGSTOP").signals("w", "SIGCONT");
    expect(toldOf(told.drains("tasks", "a"))).toEqual([["not consuming", ["a"]]]);
  });

  it("is told beside others who do", () => {
    const told = both().cancels("w").stores("a").drains("tasks", "a");
    const found = convictionsOf(told);
    expect(found).toMatchObject([{ kind: "not consuming", subject: "w", tasks: ["a"] }]);
  });

  it("had a consumer until it closed its channel itself", () => {
    const told = starts().closesChannel("w").stores("a").drains("tasks", "a");
    expect(wordsOf(told)).toEqual([
      expect.stringContaining("no consumer (its channel was closed by the client), while"),
    ]);
  });

  it("had one until that was cancelled, though its channel ended later", () => {
    const told = starts().cancels("w").closesChannel("w").stores("a").drains("tasks", "a");
    expect(wordsOf(told)).toEqual([
      expect.stringContaining("no consumer (the broker cancelled it), while"),
    ]);
  });

  it("is charged with what it gave back", () => {
    const told = starts().stores("a").delivers("a", "w").rejects("w", "a", { requeue: true });
    expect(toldOf(told.cancels("w", "client").drains("tasks", "a"))).toEqual([
      ["not consuming", ["a"]],
    ]);
  });

  it("is not charged with what another one has in hand", () => {
    const told = both().cancels("w").stores("a").delivers("a", "v").asks("v", "a");
    expect(toldOf(told.waits(9_000).drains("tasks", "a"))).toEqual(REMAINING);
  });
});

describe("A hang", () => {
  const fails = (told: Story) =>
    told.stores("b").delivers("b", "w").fails("w", "b").rejects("w", "b");
  const asking = () => fails(starts().poisons("b"));

  it("is silence, whatever is sent to it meanwhile", () => {
    const told = asking().stores("a", "c").delivers("a", "w").waits(3_000).delivers("c", "w");
    expect(toldOf(told.waits(500).drains("tasks", "a", "c"))).toEqual([["crashed on", ["a", "c"]]]);
  });

  it("needs no fault", () => {
    const told = asking().stores("a").delivers("a", "w").waits(3_000).drains("tasks", "a");
    expect(wordsOf(told)).toEqual([expect.stringMatching(/^w hangs: it holds 1 task \(a\)/)]);
  });

  it("is charged with what it holds, and not with what waits", () => {
    const told = asking()
      .stores("a", "c")
      .delivers("a", "w")
      .waits(3_000)
      .drains("tasks", "a", "c");
    expect(toldOf(told)).toEqual([
      ["remaining", ["c"]],
      ["crashed on", ["a"]],
    ]);
  });

  it.each<[string, () => Story]>([
    ["while it may yet answer", () => asking().stores("a").delivers("a", "w").waits(500)],
    [
      "where it has not seen the task",
      () => asking().stores("a").delivers("a", "w", { dropped: true }).waits(3_000),
    ],
    [
      "where only others let their effects be seen",
      () => both().stores("a", "b").works("v", "b").delivers("a", "w").waits(3_000),
    ],
    [
      "of a process that has ended, and whose exits are allowed",
      () => exits(reset(starts().stores("a"))).waits(3_000),
    ],
  ])("is none %s", (_where, told) => {
    expect(toldOf(told().drains("tasks", "a"), { exits: "allow" })).toEqual(REMAINING);
  });
});
