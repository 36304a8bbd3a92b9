/** What a worker may finish that came after SIGTERM, and what it may not begin. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

const started = (prefetch = 1) =>
  story().starts("w").connects("w").consumes("w", { prefetch }).stores("a", "b", "c", "d", "e");
const asked = (told: Story) => told.injects("worker-term", "w").signals("w", "SIGTERM");
const busy = (told = started()) => asked(told.delivers("a", "w").asks("w", "a"));
const finished = (told: Story) => told.finishes("w", "a").acks("w", "a");
const goes = (told: Story) =>
  told.hangsUp("w", { clean: true }).exits("w", { code: 0, signal: null });

/** What the end of `w` is convicted of, each with its tasks and its first words. */
function failuresOf(told: Story, rest: string[] = []) {
  const { events } = told
    .witnesses("worker-term")
    .works("v", ...rest)
    .drains();
  return judge(events, { convictions: "all" })
    .convictions.filter(({ kind }) => kind === "drain failed")
    .map(({ tasks, sentence }) => [sentence.slice(0, 40), tasks]);
}

const GREEDY = "w went on to take 1 new task after SIGTE";

describe("A new task is taken", () => {
  it("by one that begins it late, and gives it back with its channel", () => {
    const told = finished(busy().waits(1_500)).delivers("b", "w").asks("w", "b").abandons("w", "b");
    expect(failuresOf(goes(told), ["b"])).toEqual([[GREEDY, ["b"]]]);
  });

  it("by one that acks it late, without asking the sink", () => {
    const told = finished(busy().waits(1_500)).delivers("b", "w").acks("w", "b").logs("w", "b");
    expect(failuresOf(goes(told))).toEqual([[GREEDY, ["b"]]]);
  });

  it("not by one that rejects it for good", () => {
    const told = finished(busy().waits(1_500)).delivers("b", "w").rejects("w", "b");
    expect(failuresOf(goes(told))).toEqual([]);
  });

  it("not by one that finishes what came in time, however late the signal itself was", () => {
    expect(failuresOf(goes(finished(busy(started().waits(3_000))).works("w", "b")))).toEqual([]);
  });

  it("not by one that finishes what came for a task that it gave back", () => {
    const told = busy().abandons("w", "a").rejects("w", "a", { requeue: true }).works("w", "b");
    expect(failuresOf(goes(told), ["a"])).toEqual([]);
  });
});

describe("What a prefetch has room for, and so comes in time, is", () => {
  it.each<[string, { noAck?: boolean; prefetch: number }]>([
    ["anything without a limit", { prefetch: 0 }],
    ["anything with automatic acks", { prefetch: 1, noAck: true }],
  ])("%s", (_what, consuming) => {
    const told = story().starts("w").connects("w").consumes("w", consuming).stores("a", "b", "c");
    const { noAck = false } = consuming;
    const sent = asked(told).delivers("a", "w", { noAck }).delivers("b", "w", { noAck });
    sent.does("w", "a").does("w", "b");
    if (!noAck) sent.acks("w", "a").acks("w", "b");
    expect(failuresOf(goes(sent))).toEqual([]);
  });

  it("what it has left, of which answers before the signal take nothing", () => {
    const told = busy(started(2).works("w", "e")).delivers("b", "w").does("w", "b").acks("w", "b");
    expect(failuresOf(goes(finished(told)))).toEqual([]);
  });

  it.each<[string, (told: Story) => Story]>([
    ["connection", (told) => told.hangsUp("w", { by: "link" }).connects("w")],
    ["channel", (told) => told.closesChannel("w", { by: "broker", code: 406, text: "timeout" })],
  ])("not that of a %s before", (_what, lose) => {
    const told = lose(started().works("w", "e")).consumes("w");
    expect(failuresOf(goes(finished(busy(told)).works("w", "b", "c")))).toEqual([[GREEDY, ["c"]]]);
  });

  it("not that of another worker, nor made by its answers", () => {
    const told = busy(started().consumes("v", { prefetch: 9 }));
    const more = finished(told).works("v", "d", "e").works("w", "b", "c");
    expect(failuresOf(goes(more))).toEqual([[GREEDY, ["c"]]]);
  });
});
