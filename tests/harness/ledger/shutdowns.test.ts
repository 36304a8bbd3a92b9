/** Which end a SIGTERM is judged by, and what counts as in hand then. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Expectation } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";

const AUDIT: Expectation = { convictions: "all" };

const started = (prefetch = 1) =>
  story().starts("w").connects("w").consumes("w", { prefetch }).stores("a", "b", "c", "d", "e");
const asked = (told: Story, pid = 1) =>
  told.injects("worker-term", "w").signals("w", "SIGTERM", pid);
const busy = (told = started()) => asked(told.delivers("a", "w").asks("w", "a"));
const finished = (told: Story) => told.finishes("w", "a").acks("w", "a");
const idle = () => asked(started().works("w", "a"));
const leaves = (told: Story, code: number | null = 0, signal: string | null = null, pid = 1) =>
  told.exits("w", { code, signal, pid });
const goes = (told: Story) => leaves(told.hangsUp("w", { clean: true }));

/** What the ends of workers are convicted of, each with its tasks and its first words. */
function failuresOf(told: Story, rest: string[] = [], expectation = AUDIT) {
  const { events } = told
    .witnesses("worker-term")
    .works("v", ...rest)
    .drains();
  return judge(events, expectation)
    .convictions.filter(({ kind }) => kind === "drain failed")
    .map(({ tasks, sentence }) => [sentence.slice(0, 40), tasks]);
}

const LATE = "w had not ended 5.0 s after SIGTERM, and";
const BY_SIGNAL = "w was ended by SIGTERM itself, with 1 ta";
const WRONG = "w answered SIGTERM with exit code 1, whi";

describe("The end that is judged", () => {
  it("is that of the process that was asked, and not of the one before", () => {
    const before = started().works("w", "a").hangsUp("w", { clean: true });
    const told = leaves(before).starts("w", 2).connects("w").consumes("w");
    expect(failuresOf(leaves(asked(told, 2), 1, null, 2))).toEqual([[WRONG, []]]);
  });

  it("is that of the process that was asked, and not of the next one", () => {
    const told = leaves(idle().hangsUp("w", { clean: true }), 1);
    const next = told.starts("w", 2).connects("w").consumes("w").works("w", "b");
    expect(failuresOf(leaves(next.signals("w", "SIGTERM", 2), 0, null, 2))).toEqual([[WRONG, []]]);
  });

  it("is no other worker's", () => {
    const told = started().starts("v").works("w", "a");
    const ended = goes(asked(told)).signals("v", "SIGTERM").exits("v", { code: 1, signal: null });
    expect(failuresOf(ended)).toEqual([]);
  });

  it("is none where another fault struck, and the experiment ended it afterwards", () => {
    const told = started().works("w", "a").injects("connection-reset", "w");
    expect(failuresOf(leaves(told.signals("w", "SIGTERM"), 1))).toEqual([]);
  });

  it("is none where nobody was asked, or nobody was there", () => {
    expect(failuresOf(started().injects("worker-term", "w"))).toEqual([]);
    expect(failuresOf(story().injects("worker-term", "w").signals("w", "SIGTERM"))).toEqual([]);
  });

  it("is no matter of the suite's own experiments", () => {
    expect(failuresOf(leaves(idle(), 1), [], {})).toEqual([]);
  });
});

describe("A worker that does not end in time", () => {
  it("is one that was still there when the history ended", () => {
    const { events } = busy(started().waits(2_000)).waits(5_000).witnesses("worker-term");
    const found = judge(events, AUDIT).convictions.filter(({ kind }) => kind === "drain failed");
    expect(found).toMatchObject([{ tasks: ["a"], sentence: expect.stringContaining(LATE) }]);
  });

  it("is one whose shell had ended, and that was connected when it was killed", () => {
    const told = busy().waits(5_000).signals("w", "SIGKILL").abandons("w", "a").hangsUp("w");
    expect(failuresOf(leaves(told, 143), ["a"])).toEqual([[LATE, ["a"]]]);
  });

  it("is not one that was gone when its shell was killed, whoever else is connected", () => {
    const told = finished(busy(started().connects("v"))).hangsUp("w", { clean: true });
    expect(failuresOf(leaves(told.waits(5_000).signals("w", "SIGKILL"), 143))).toEqual([]);
  });

  it("is not one whose connections all ended, of which the last opened again", () => {
    const told = finished(busy()).hangsUp("w", { by: "link" }).connects("w");
    const gone = told.hangsUp("w", { clean: true }).waits(5_000).signals("w", "SIGKILL");
    expect(failuresOf(leaves(gone, 143))).toEqual([]);
  });

  it("is one that opened a connection after it had closed the other", () => {
    const told = finished(busy()).hangsUp("w", { clean: true }).connects("w").waits(5_000);
    const killed = told.signals("w", "SIGKILL").hangsUp("w");
    expect(failuresOf(leaves(killed, 143))).toEqual([[LATE, []]]);
  });

  it.each<[string, (told: Story) => Story]>([
    ["of another worker", (told) => told.injects("worker-kill", "v").waits(5_000).dies("w")],
    [
      "that came later, to the next process",
      (told) =>
        told
          .waits(5_000)
          .dies("w")
          .hangsUp("w")
          .starts("w", 2)
          .injects("worker-kill", "w")
          .dies("w", 2),
    ],
  ])("is not excused by a kill %s", (_whose, course) => {
    expect(failuresOf(course(busy()).abandons("w", "a"), ["a"])).toEqual([[LATE, ["a"]]]);
  });

  it("is not excused by a kill that came before", () => {
    const before = started().injects("worker-kill", "w").dies("w").hangsUp("w");
    const told = before
      .starts("w", 2)
      .connects("w")
      .consumes("w")
      .delivers("a", "w")
      .asks("w", "a");
    const late = asked(told, 2).waits(5_000).dies("w", 2).abandons("w", "a").hangsUp("w");
    expect(failuresOf(late, ["a"])).toEqual([[LATE, ["a"]]]);
  });
});

describe("In hand when SIGTERM ends a worker", () => {
  const bySignal = (told: Story) => leaves(told.hangsUp("w"), null, "SIGTERM");

  it("is what it has not answered, though its connection's end was not seen", () => {
    const told = leaves(busy().abandons("w", "a"), null, "SIGTERM");
    expect(failuresOf(told)).toEqual([[BY_SIGNAL, ["a"]]]);
  });

  it.each<[string, () => Story]>([
    ["another worker has", () => bySignal(asked(started().works("w", "a").delivers("b", "v")))],
    ["it has not seen", () => bySignal(idle().delivers("b", "w", { dropped: true }))],
    [
      "it had lost before",
      () => {
        const told = started().delivers("a", "w").asks("w", "a").hangsUp("w", { by: "link" });
        return bySignal(asked(told.abandons("w", "a").works("v", "a").connects("w").consumes("w")));
      },
    ],
    [
      "its next process has",
      () => bySignal(idle()).starts("w", 2).connects("w").consumes("w").delivers("b", "w"),
    ],
  ])("is nothing that %s", (_what, told) => {
    expect(failuresOf(told())).toEqual([]);
  });
});
