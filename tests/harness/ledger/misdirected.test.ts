/** Delivery tags that outlive their channel. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { convicted } from "./verdicts.ts";

const FORGET =
  "Answer a delivery only on the channel that it came on, and forget what was in hand when that channel ends.";
const misdirected = convicted(
  "misdirected ack",
  `w acked 1 task by mistake (b instead of a): it used the delivery tag of a channel that had ended, and on the new one this tag names another task, whose effect was not done. ${FORGET}`,
  ["b"],
  "w",
);

/** `w` is in the middle of `a` (tag 1) when its connection is lost, and is sent `b` as tag 1 next. */
const crossed = () =>
  story()
    .starts("w")
    .stores("a", "b")
    .delivers("a", "w")
    .asks("w", "a")
    .hangsUp("w", { by: "link" })
    .delivers("b", "w")
    .finishes("w", "a");

function expectConvicted(told: Story, ...convictions: Conviction[]): void {
  expect(judge(told.events, { convictions: "all" }).convictions).toEqual(convictions);
}

describe("A misdirected ack", () => {
  it("settles another task, which is done all the same", () => {
    const told = crossed().acks("w", "b").does("w", "b").delivers("a", "v").acks("v", "a");
    expectConvicted(told.drains(), misdirected);
  });

  it("is the cause of a loss", () => {
    const told = crossed().acks("w", "b").dies("w").hangsUp("w").delivers("a", "v").acks("v", "a");
    const sentence = `Lost: w acked 1 task (b) by the delivery tag of another task, which it had from a channel that had ended; the effect never happened. ${FORGET}`;
    expectConvicted(told.drains(), convicted("lost", sentence, ["b"], "w"), misdirected);
  });

  it("names nothing on the new channel, in the broker's words", () => {
    const told = story().starts("w").stores("a").delivers("a", "w").asks("w", "a");
    const text = "PRECONDITION_FAILED - unknown delivery tag 1";
    told.hangsUp("w", { by: "link" }).finishes("w", "a").acks("w", "x", { tag: 1, tasks: [] });
    told.closesChannel("w", { by: "broker", code: 406, text });
    const sentence = `w acked or rejected 1 delivery tag of a channel that had ended (it named a) on a new one, where it names nothing unacked, and the broker closed the channel ("${text}"). ${FORGET}`;
    expectConvicted(
      told.delivers("a", "v").acks("v", "a").drains(),
      convicted("misdirected ack", sentence, ["a"], "w"),
    );
  });
});

describe("No misdirected ack", () => {
  it("is the ack of a task that is done, whose tag an earlier channel had too", () => {
    const told = crossed().does("w", "b").acks("w", "b").delivers("a", "v").acks("v", "a");
    expectConvicted(told.drains());
  });

  it("is the ack of the same task, delivered again under the same tag", () => {
    const told = story().stores("a").delivers("a", "w").asks("w", "a");
    told.hangsUp("w", { by: "link" }).delivers("a", "w").finishes("w", "a").acks("w", "a");
    expectConvicted(told.drains());
  });

  it("is an ack on the channel that the broker has closed", () => {
    const told = story().stores("a").delivers("a", "w").does("w", "a");
    told.closesChannel("w", { by: "broker", code: 406, text: "timeout" });
    told.acks("w", "a", { dropped: true }).delivers("a", "v").acks("v", "a");
    expectConvicted(told.drains());
  });

  it("is an early ack by one that had not worked on the other task: that is at risk", () => {
    const told = story().stores("a", "b").delivers("a", "w").hangsUp("w", { by: "link" });
    told.delivers("b", "w").acks("w", "b").does("w", "b").works("v", "a").drains();
    const { convictions } = judge(told.events);
    expect(convictions.map(({ kind, tasks }) => [kind, tasks])).toEqual([["at risk", ["b"]]]);
  });

  it("is an early ack by another process than the one that had the tag", () => {
    const told = story().starts("w").stores("a", "b").delivers("a", "w").asks("w", "a");
    told.dies("w").abandons("w", "a").hangsUp("w").starts("w", 2).delivers("b", "w");
    told.acks("w", "b").does("w", "b").works("v", "a").drains();
    expect(judge(told.events).convictions.map(({ kind }) => kind)).toEqual(["at risk"]);
  });

  it("is a second ack of a tag that this channel has given", () => {
    const told = story().stores("a").delivers("a", "w").does("w", "a").acks("w", "a");
    const { convictions } = judge(told.acks("w", "a", { tasks: [] }).drains().events);
    expect(convictions.map(({ kind }) => kind)).toEqual(["unknown delivery tag"]);
  });

  it("is an early ack by one that has done the other task since, and answered it", () => {
    const told = story().stores("a", "b").delivers("a", "w").asks("w", "a");
    told.hangsUp("w", { by: "link" }).delivers("b", "w").delivers("a", "w");
    told.finishes("w", "a").acks("w", "a").acks("w", "b").does("w", "b").drains();
    const { convictions } = judge(told.events);
    expect(convictions.map(({ kind, tasks }) => [kind, tasks])).toEqual([["at risk", ["b"]]]);
  });
});
