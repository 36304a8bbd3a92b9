/** Delivery tags after a reconnect: whose mistake an answer is, and whose it is not. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

/** Who is told of what: each conviction's kind and tasks. */
function toldOf(told: Story): [string, string[]][] {
  const { convictions } = judge(told.events, { convictions: "all" });
  return convictions.map(({ kind, tasks }) => [kind, tasks]);
}

const cutOff = (told: Story) => told.hangsUp("w", { by: "link" });
/** `w` is in the middle of `a` (tag 1) when its connection is lost. */
const lost = () => cutOff(story().starts("w").stores("a", "b").delivers("a", "w").asks("w", "a"));
/** It has `b` as tag 1 next, and ends `a`. */
const crossed = () => lost().delivers("b", "w").finishes("w", "a");
const rest = (told: Story) => told.delivers("a", "v").acks("v", "a").drains();
const MISDIRECTED: [string, string[]] = ["misdirected ack", ["b"]];

describe("An early ack is misdirected", () => {
  it("also where it was held until the effect was done", () => {
    const told = crossed().holds("ack", "b", "w").does("w", "b").endsHold("w", "forwarded");
    expect(toldOf(rest(told.acks("w", "b")))).toEqual([MISDIRECTED]);
  });

  it("also by a tag of a channel that the broker has closed, on the same connection", () => {
    const told = story().starts("w").stores("a", "b").delivers("a", "w").asks("w", "a");
    told.closesChannel("w", { by: "broker", code: 406, text: "timeout" });
    told.delivers("b", "w", { channel: 2, tag: 1 }).finishes("w", "a");
    const acked = told.acks("w", "b", { channel: 2, tag: 1 }).does("w", "b");
    expect(toldOf(rest(acked))).toEqual([MISDIRECTED]);
  });

  it("also by a tag of a connection before the last", () => {
    const told = cutOff(lost().stores("c").works("w", "c"));
    told.delivers("b", "w").finishes("w", "a").acks("w", "b").does("w", "b");
    expect(toldOf(rest(told))).toEqual([MISDIRECTED]);
  });

  it("by each tag: several are one conviction", () => {
    const told = story().starts("w").stores("a", "b", "c", "d").delivers("a", "w").asks("w", "a");
    cutOff(told.delivers("c", "w").asks("w", "c")).delivers("b", "w").delivers("d", "w");
    told.finishes("w", "a").acks("w", "b").finishes("w", "c").acks("w", "d");
    told.does("w", "b").does("w", "d");
    const { convictions } = judge(rest(told.delivers("c", "v").acks("v", "c")).events, {
      convictions: "all",
    });
    expect(convictions).toMatchObject([{ kind: "misdirected ack", tasks: ["b", "d"] }]);
    expect(convictions[0]?.sentence).toContain("(b instead of a, d instead of c)");
  });

  it("though the other task has come again, and is not answered yet", () => {
    const told = lost().delivers("b", "w").delivers("a", "w").finishes("w", "a").acks("w", "b");
    expect(toldOf(told.acks("w", "a").does("w", "b").drains())).toEqual([MISDIRECTED]);
  });

  it("though another worker has done and answered the other task since", () => {
    const told = lost().delivers("b", "w").delivers("a", "v").asks("v", "a").finishes("w", "a");
    told.abandons("v", "a").acks("v", "a").acks("w", "b").does("w", "b");
    expect(toldOf(told.drains())).toEqual([MISDIRECTED]);
  });
});

describe("An early ack is at risk, and not misdirected,", () => {
  it("where the tag was another process's, whose connection ends only now", () => {
    const told = story().starts("w").connects("w").stores("a", "b").delivers("a", "w");
    told.asks("w", "a").dies("w").abandons("w", "a").starts("w", 2);
    cutOff(told).connects("w").delivers("b", "w").acks("w", "b").does("w", "b");
    expect(toldOf(told.works("v", "a").drains())).toEqual([["at risk", ["b"]]]);
  });

  it("where another worker had the tag", () => {
    const told = story().stores("a", "b").delivers("a", "v").asks("v", "a");
    told.hangsUp("v", { by: "link" }).delivers("b", "w").finishes("v", "a");
    told.acks("w", "b").does("w", "b").delivers("a", "v").acks("v", "a");
    expect(toldOf(told.drains())).toEqual([["at risk", ["b"]]]);
  });

  it("where the tag before was another", () => {
    const told = story().starts("w").stores("c", "a", "b").works("w", "c").delivers("a", "w");
    cutOff(told.asks("w", "a")).delivers("b", "w").finishes("w", "a");
    expect(toldOf(rest(told.acks("w", "b").does("w", "b")))).toEqual([["at risk", ["b"]]]);
  });

  it("where this process came by its connection, and the tag, itself: then it is misdirected", () => {
    const told = story().starts("w").connects("w").stores("a", "b").delivers("a", "w");
    cutOff(told.asks("w", "a")).connects("w").delivers("b", "w").finishes("w", "a");
    expect(toldOf(rest(told.acks("w", "b").does("w", "b")))).toEqual([MISDIRECTED]);
  });
});

describe("Nothing is told of an early ack", () => {
  it("that did not reach the broker", () => {
    const told = cutOff(crossed().acks("w", "b", { dropped: true }));
    expect(toldOf(rest(told.works("v", "b")))).toEqual([]);
  });

  it("of a task that the worker's log has, at a time that nobody knows", () => {
    const told = crossed().acks("w", "b").logs("w", "b");
    expect(toldOf(rest(told))).toEqual([]);
  });
});

describe("A tag that names nothing is of a channel before", () => {
  const again = (told: Story, tag = 1) => told.acks("w", "x", { tag, tasks: [] });
  const STALE: [string, string[]] = ["misdirected ack", ["a"]];

  it("where the new channel has not given it yet, and the one before had it open", () => {
    const told = cutOff(story().starts("w").stores("a", "b").delivers("a", "w"));
    expect(toldOf(again(told).works("v", "a", "b").drains())).toEqual([STALE]);
  });

  it("where it is settled, and the task that it named before was worked on", () => {
    const told = crossed().does("w", "b").acks("w", "b");
    expect(toldOf(rest(again(told)))).toEqual([STALE]);
  });

  it("also where it is rejected", () => {
    const told = cutOff(story().starts("w").stores("a", "b").delivers("a", "w"));
    told.rejects("w", "x", { tag: 1, tasks: [] });
    expect(toldOf(told.works("v", "a", "b").drains())).toEqual([STALE]);
  });
});

describe("A tag that names nothing is unknown", () => {
  const UNKNOWN: [string, string[]] = ["unknown delivery tag", []];
  const again = (told: Story, tag = 1) => told.acks("w", "x", { tag, tasks: [] });
  const sent = (but = {}) => story().starts("w").stores("a").delivers("a", "w", but);

  it("where it is settled: a plain double ack, though a channel before had it open", () => {
    const told = cutOff(sent()).stores("b").works("w", "b");
    expect(toldOf(again(told).works("v", "a").drains())).toEqual([UNKNOWN]);
  });

  it("where no channel before had it open", () => {
    const told = again(cutOff(sent()), 7);
    expect(toldOf(told.works("v", "a").drains())).toEqual([UNKNOWN]);
  });

  it("where it was answered on the channel before, whose broker never heard of it", () => {
    const told = cutOff(sent().does("w", "a").acks("w", "a", { dropped: true }));
    expect(toldOf(again(told).delivers("a", "v").acks("v", "a").drains())).toEqual([UNKNOWN]);
  });

  it("where the client never saw the delivery before", () => {
    const told = again(cutOff(sent({ dropped: true })));
    expect(toldOf(told.works("v", "a").drains())).toEqual([UNKNOWN]);
  });
});
