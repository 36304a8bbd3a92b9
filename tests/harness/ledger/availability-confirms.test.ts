import { describe, expect, test } from "vitest";
import type { Gap } from "../../../harness/ledger/availability.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

/** The longest time without a confirm. In a story, each event comes 1 ms after the one before. */
function gapOf({ events }: Story): Gap {
  return judge(events).availability.run.confirms;
}

const fromProducer = { subject: "producer" };
const byBroker = { by: "broker" } as const;
const producer = () => story().starts("producer");

describe("A confirm is wanted", () => {
  test("from the publish to its confirm, and not between", () => {
    const told = story().publishes("a").waits(500).confirms("a").waits(9_000).stores("b");
    expect(gapOf(told)).toBe(501);
  });

  test("while any publish waits: each confirm ends a wait, and the next begins", () => {
    const both = story().publishes("a").publishes("b");
    expect(gapOf(both.waits(300).confirms("a").waits(700).confirms("b"))).toBe(701);
  });

  test("until one answer is for all", () => {
    const both = story().publishes("a").publishes("b").publishes("c");
    const told = both.waits(10).confirms("b", { tasks: ["a", "b"], multiple: true });
    expect(gapOf(told.waits(200).confirms("c").waits(9_000).drains())).toBe(201);
  });

  test("until a refusal: it is an answer", () => {
    expect(gapOf(story().publishes("a").waits(400).refuses("a").waits(9_000).drains())).toBe(401);
  });

  test("though another client's confirm ends the wait", () => {
    const both = story().publishes("a", fromProducer).waits(300).publishes("b");
    expect(gapOf(both.confirms("b").waits(400).confirms("a", fromProducer))).toBe(401);
  });

  test("as long as the client has not seen it", () => {
    const unseen = story().publishes("a").waits(100).confirms("a", { dropped: true }).waits(500);
    expect(gapOf(unseen.hangsUp("publisher"))).toBe(602);
  });

  test("by nobody where there are no confirms", () => {
    expect(gapOf(story().publishes("a", { tag: null }).waits(9_000).drains())).toBeNull();
  });

  test("by nobody while the link holds it", () => {
    const held = story().publishes("a").holds("confirm", "a", "publisher").waits(9_000);
    expect(gapOf(held.endsHold("publisher", "forwarded").confirms("a"))).toBe(1);
  });
});

describe("A program whose connection is taken from it wants a confirm", () => {
  test("from its unanswered publish until it is confirmed on another connection", () => {
    const lost = producer().publishes("a", fromProducer).hangsUp("producer", byBroker).waits(2_000);
    const told = lost.publishes("b", fromProducer).confirms("b", fromProducer);
    expect(gapOf(told.waits(9_000).drains())).toBe(2_003);
  });

  test("even if it waited for none, when it goes on to publish", () => {
    const stored = producer().publishes("a", fromProducer).confirms("a", fromProducer);
    const lost = stored.waits(9_000).hangsUp("producer", byBroker).waits(2_000);
    expect(gapOf(lost.publishes("b", fromProducer).confirms("b", fromProducer))).toBe(2_002);
  });

  test("not if it had all of them, and publishes no more", () => {
    const stored = producer().publishes("a", fromProducer).confirms("a", fromProducer);
    expect(gapOf(stored.hangsUp("producer", byBroker).waits(9_000).drains())).toBe(1);
  });

  test("also when it loses no more than its channel", () => {
    const lost = producer().publishes("a", fromProducer).closesChannel("producer", byBroker);
    const told = lost.waits(800).publishes("b", fromProducer).confirms("b", fromProducer);
    expect(gapOf(told)).toBe(803);
  });

  test("until it is killed", () => {
    const lost = producer().publishes("a", fromProducer).hangsUp("producer", byBroker);
    expect(gapOf(lost.waits(300).dies("producer").waits(9_000).drains())).toBe(302);
  });

  test("until it gives up", () => {
    const lost = producer().publishes("a", fromProducer).hangsUp("producer", byBroker);
    const told = lost.waits(300).exits("producer", { code: 1, signal: null });
    expect(gapOf(told.waits(9_000).drains())).toBe(302);
  });

  test("not after its end, though nobody has closed its connection", () => {
    const killed = producer().publishes("a", fromProducer).waits(300).dies("producer");
    expect(gapOf(killed.waits(9_000).drains())).toBe(302);
  });

  test("not if it has said goodbye", () => {
    const left = producer().publishes("a", fromProducer).waits(20);
    const told = left.hangsUp("producer", { clean: true }).waits(9_000);
    expect(gapOf(told.publishes("b", fromProducer).confirms("b", fromProducer))).toBe(21);
  });
});

test("The experiment's own publisher comes back when it is told to, and wants nothing before", () => {
  const lost = story().publishes("a").waits(50).hangsUp("publisher", byBroker).waits(9_000);
  expect(gapOf(lost.stores("b"))).toBe(51);
});

describe("A wait that nothing ends", () => {
  const lost = () => producer().publishes("a", fromProducer).hangsUp("producer", byBroker);

  test("is unending, and no number", () => {
    expect(gapOf(lost().waits(1_500).drains())).toBe("unending");
  });

  test("is worse than any that ended", () => {
    const ended = producer().publishes("a", fromProducer).waits(5_000).confirms("a", fromProducer);
    const told = ended.publishes("b", fromProducer).waits(1_500).drains();
    expect(gapOf(told)).toBe("unending");
  });

  test("is left out where the experiment ended before there could be an answer", () => {
    expect(gapOf(lost().waits(500).drains())).toBeNull();
  });

  test("is one also when the harness stops the program in the end", () => {
    const stop = { subject: "producer", pid: 1, signal: "SIGTERM" };
    const stopped = lost()
      .waits(1_500)
      .tells({ type: "process-signalled", ...stop });
    expect(gapOf(stopped.exits("producer", { code: 0, signal: null }).drains())).toBe("unending");
  });
});
