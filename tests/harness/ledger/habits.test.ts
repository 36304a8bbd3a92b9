/** What counts as a habit, and what only looks like one. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { DRAIN } from "../../../harness/ledger/subjects.ts";
import { type Story, story } from "./history-builder.ts";

const toldOf = (told: Story) =>
  judge(told.events).convictions.map(({ kind, tasks }) => [kind, tasks]);
const sentenceOf = (told: Story) => judge(told.events).convictions[0]?.sentence;

describe("Transient publishes", () => {
  const by = (told: Story, task: string | null, but = {}) =>
    told
      .publishes(task, { subject: "p", persistent: false, ...but })
      .confirms(task, { subject: "p" });

  it("convict where an exchange may lead anywhere, whatever the routing key", () => {
    const told = by(story(), "a", { exchange: "work", routingKey: "some.key" }).works("w", "a");
    expect(toldOf(told.drains())).toEqual([["transient publishes", ["a"]]]);
  });

  it("are of no harm to a queue that is not durable, beside one that is", () => {
    const told = by(story().declares("short", { durable: false }), "a", { routingKey: "short" });
    told.delivers("a", "w", { queue: "short" }).does("w", "a").acks("w", "a");
    expect(toldOf(told.drains().drains("short"))).toEqual([]);
  });

  it("are counted together, also those without an id", () => {
    const told = by(by(by(story(), "a").works("w", "a"), "b").works("w", "b"), null);
    told.delivers(null, "w").acks("w", null);
    expect(sentenceOf(told.drains())).toMatch(/^p published 2 tasks as transient/);
    const unnamed = by(story(), null).delivers(null, "w").acks("w", null);
    expect(toldOf(unnamed.drains())).toEqual([["transient publishes", []]]);
  });
});

describe("Automatic acks", () => {
  const noAck = { noAck: true };

  it("are no matter of the drain", () => {
    const told = story().stores("a").works("w", "a").delivers(null, DRAIN, noAck);
    expect(toldOf(told.drains())).toEqual([]);
  });

  it.each<[string, () => Story, string[]]>([
    [
      "of what is done already",
      () => {
        const told = story().stores("a").delivers("a", "v").does("v", "a").hangsUp("v");
        return told.injects("connection-reset", "v").delivers("a", "w", noAck);
      },
      ["a"],
    ],
    ["of what has no id", () => story().delivers(null, "w", noAck), []],
  ])("%s put nothing at risk", (_what, told, ids) => {
    const found = toldOf(told().drains()).filter(([kind]) => kind !== "never acked");
    expect(found).toEqual([["automatic acks", ids]]);
  });
});

describe("A tag that names nothing", () => {
  const done = () => story().stores("a").works("w", "a");
  const UNKNOWN = [["unknown delivery tag", []]];

  it.each<[string, object]>([
    ["with all before it", { tag: 9, multiple: true }],
    ["though 0 would name all, with multiple", { tag: 0, multiple: false }],
  ])("is unknown: %s", (_how, but) => {
    expect(
      toldOf(
        done()
          .acks("w", "a", { tasks: [], ...but })
          .drains(),
      ),
    ).toEqual(UNKNOWN);
  });

  const twice = () => done().acks("w", "a", { tasks: [] });
  const QUOTED = /and the broker closed the channel \("PRECONDITION_FAILED"\)/;
  const text = "PRECONDITION_FAILED";

  it("is told in the broker's words, where it closed the channel for it", () => {
    const told = twice().closesChannel("w", { by: "broker", code: 406, text });
    expect(sentenceOf(told.drains())).toMatch(QUOTED);
  });

  it.each<[string, () => Story]>([
    ["the worker closes it", () => twice().closesChannel("w", { by: "client", code: 406, text })],
    ["the link closes it", () => twice().closesChannel("w", { by: "link", code: 406, text })],
    [
      "the broker closes it for something else",
      () => twice().closesChannel("w", { by: "broker", code: 404, text }),
    ],
    [
      "the broker closes another one",
      () => twice().closesChannel("w", { by: "broker", code: 406, text, channel: 2 }),
    ],
  ])("is told without any where %s", (_who, told) => {
    expect(sentenceOf(told().drains())).toMatch(/named nothing unacked\. Answer each/);
  });
});
