import { describe, expect, test } from "vitest";
import type { Gap } from "../../../harness/ledger/availability.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { DRAIN } from "../../../harness/ledger/subjects.ts";
import { type Story, story } from "./history-builder.ts";

/** The longest time without a delivery. In a story, each event comes 1 ms after the one before. */
function gapOf({ events }: Story): Gap {
  return judge(events).availability.run.deliveries;
}

const byBroker = { by: "broker" } as const;
const stop = (subject: string) => {
  return { type: "process-signalled", subject, pid: 1, signal: "SIGTERM" } as const;
};
const worker = () => story().starts("w").consumes("w");

describe("A delivery is wanted", () => {
  test("from a task's confirm to its delivery, by a consumer with room", () => {
    expect(gapOf(worker().stores("a").waits(400).works("w", "a").waits(9_000).drains())).toBe(401);
  });

  test("from a task's publish, where there are no confirms", () => {
    const told = worker().publishes("a", { tag: null }).waits(400).works("w", "a");
    expect(gapOf(told)).toBe(401);
  });

  test("by nobody as long as the broker has not confirmed it", () => {
    expect(gapOf(worker().publishes("a").waits(400).works("w", "a").confirms("a"))).toBeNull();
  });

  test("while any task is ready: each delivery ends a wait, and the next begins", () => {
    const stored = worker().consumes("v").stores("a", "b").waits(300).delivers("a", "w");
    expect(gapOf(stored.waits(700).delivers("b", "v"))).toBe(701);
  });

  test("by nobody where nobody consumes", () => {
    expect(gapOf(story().stores("a").waits(9_000).drains("tasks", "a"))).toBeNull();
  });

  test("by nobody who consumes another queue", () => {
    const elsewhere = story().starts("w").consumes("w", { queue: "others" });
    expect(gapOf(elsewhere.stores("a").waits(9_000).drains("tasks", "a"))).toBeNull();
  });

  test("by nobody at the limit of its prefetch", () => {
    const busy = worker().stores("a", "b").delivers("a", "w").waits(9_000).acks("w", "a");
    expect(gapOf(busy.waits(20).delivers("b", "w"))).toBe(21);
  });

  test("by everybody with automatic acks", () => {
    const taken = story().consumes("w", { noAck: true }).stores("a", "b");
    const told = taken.delivers("a", "w", { noAck: true }).waits(700).delivers("b", "w");
    expect(gapOf(told)).toBe(701);
  });

  test("by nobody whose acks did not arrive", () => {
    const busy = worker().stores("a", "b").delivers("a", "w").acks("w", "a", { dropped: true });
    expect(gapOf(busy.waits(9_000).drains("tasks", "b"))).toBe(3);
  });

  test("by whoever has acked all that there was", () => {
    const busy = story().consumes("w", { prefetch: 2 }).stores("a", "b", "c");
    const held = busy.delivers("a", "w").delivers("b", "w").waits(9_000);
    const acked = held.acks("w", "b", { tasks: ["a", "b"], tag: 0, multiple: true });
    expect(gapOf(acked.waits(700).delivers("c", "w"))).toBe(701);
  });

  test("by nobody who has left", () => {
    const cancelled = worker().tells({
      type: "consumer-cancelled",
      consumer: "ctag",
      by: "client",
      ...story().at("w"),
    });
    for (const left of [cancelled, worker().closesChannel("w")]) {
      expect(gapOf(left.stores("a").waits(9_000).drains("tasks", "a"))).toBeNull();
    }
  });

  test("by nobody whose channel is at its common limit", () => {
    const limited = story().tells({
      type: "prefetch-set",
      count: 1,
      global: true,
      ...story().at("w"),
    });
    const busy = limited.consumes("w", { prefetch: 0 }).stores("a", "b").delivers("a", "w");
    expect(gapOf(busy.waits(9_000).drains("tasks", "b"))).toBe(3);
  });

  test("by nobody whose ack the link holds", () => {
    const held = worker().stores("a", "b").delivers("a", "w").holds("ack", "a", "w").waits(9_000);
    const told = held.endsHold("w", "forwarded").acks("w", "a").waits(20).delivers("b", "w");
    expect(gapOf(told)).toBe(21);
  });

  test("by nobody in whose connection the link holds anything", () => {
    const roomy = story().consumes("w", { prefetch: 2 }).stores("a", "b").delivers("a", "w");
    const held = roomy.holds("ack", "a", "w").waits(9_000).endsHold("w", "forwarded");
    expect(gapOf(held.acks("w", "a").delivers("b", "w"))).toBe(3);
  });

  test("by nobody of a task that the link holds on its way to another", () => {
    const idle = worker().consumes("v").stores("a").holds("delivery", "a", "w").waits(9_000);
    expect(gapOf(idle.endsHold("w", "forwarded").delivers("a", "w"))).toBe(1);
  });

  test("again when the link has dropped what it held", () => {
    const idle = worker().consumes("v").stores("a").holds("delivery", "a", "w").waits(9_000);
    const dropped = idle.endsHold("w").delivers("a", "w", { dropped: true });
    expect(gapOf(dropped.waits(300).delivers("a", "v", { redelivered: true }))).toBe(301);
  });

  test("as long as no client has seen it", () => {
    const unseen = worker().stores("a").waits(100).delivers("a", "w", { dropped: true });
    expect(gapOf(unseen.waits(500).hangsUp("w", byBroker).consumes("w").works("w", "a"))).toBe(604);
  });
});

describe("A task is ready again", () => {
  test("when the connection ends that held it", () => {
    const held = worker().consumes("v").stores("a").delivers("a", "w").waits(9_000);
    const told = held.dies("w").hangsUp("w").waits(300).works("v", "a");
    expect(gapOf(told)).toBe(301);
  });

  test("when the channel ends that held it", () => {
    const held = worker().consumes("v").stores("a").delivers("a", "w").waits(9_000);
    const told = held.closesChannel("w", byBroker).waits(300).works("v", "a");
    expect(gapOf(told)).toBe(301);
  });

  test("also if its ack did not arrive", () => {
    const held = worker().consumes("v").stores("a").delivers("a", "w").waits(9_000);
    const acked = held.acks("w", "a", { dropped: true }).hangsUp("w", byBroker);
    expect(gapOf(acked.waits(300).works("v", "a"))).toBe(301);
  });

  test("but not with automatic acks, only when it is published again", () => {
    const taken = story().consumes("w").consumes("v").stores("a");
    const gone = taken.delivers("a", "w", { noAck: true }).hangsUp("w", byBroker);
    expect(gapOf(gone.waits(9_000).stores("a").works("v", "a"))).toBe(1);
  });

  test("when it is rejected back into its queue", () => {
    const held = worker().consumes("v").stores("a").delivers("a", "w").waits(9_000);
    const told = held.rejects("w", "a", { requeue: true }).waits(300).works("v", "a");
    expect(gapOf(told)).toBe(301);
  });

  test("but was never, if nobody saw it any more", () => {
    expect(gapOf(worker().stores("a").waits(9_000).drains())).toBeNull();
  });

  test("but was never while it was returned, or kept from the broker", () => {
    const returned = worker().publishes("a").returns("a").confirms("a").waits(9_000);
    expect(gapOf(returned.stores("a").works("w", "a"))).toBe(1);
    const dropped = worker().publishes("a", { tag: null, dropped: true }).waits(9_000);
    expect(gapOf(dropped.publishes("a", { tag: null }).works("w", "a"))).toBe(1);
  });

  test("but was never while it was in another queue, such as one that delays it", () => {
    const delayed = worker().publishes("a", { routingKey: "later" }).confirms("a").waits(9_000);
    expect(gapOf(delayed.works("w", "a"))).toBeNull();
  });

  test("but not after it was dead-lettered: it may be kept for a while on purpose", () => {
    const idle = worker().consumes("v").stores("a").delivers("a", "w").rejects("w", "a");
    expect(gapOf(idle.waits(9_000).works("v", "a"))).toBe(1);
  });
});

describe("A program that has lost its consumer wants a delivery", () => {
  test("until it consumes again and has one", () => {
    const lost = worker().stores("a").works("w", "a").stores("b").hangsUp("w", byBroker);
    expect(gapOf(lost.waits(2_000).consumes("w").works("w", "b"))).toBe(2_003);
  });

  test("also when the broker has cancelled it", () => {
    const stored = worker().stores("a").delivers("a", "w").stores("b");
    const cancelled = stored.tells({
      type: "consumer-cancelled",
      consumer: "ctag",
      by: "broker",
      ...stored.at("w"),
    });
    expect(gapOf(cancelled.waits(800).consumes("w").works("w", "b"))).toBe(802);
  });

  test("also when it loses no more than its channel", () => {
    const lost = worker().stores("a").closesChannel("w", byBroker).waits(800);
    const again = lost.tells({ type: "channel-opened", ...lost.at("w") }).consumes("w");
    expect(gapOf(again.works("w", "a"))).toBe(804);
  });

  test("of the queue that it consumed, and no other", () => {
    const lost = story().starts("w").consumes("w", { queue: "others" }).hangsUp("w", byBroker);
    expect(gapOf(lost.stores("a").waits(9_000).drains("tasks", "a"))).toBeNull();
  });

  test("not once it is back and has its hands full", () => {
    const lost = worker().hangsUp("w", byBroker).stores("a", "b").waits(500);
    const back = lost.consumes("w").delivers("a", "w").waits(9_000);
    expect(gapOf(back.drains("tasks", "b"))).toBe(504);
  });

  test("not while its effect is held: it does one task at a time", () => {
    const midTask = worker().stores("a", "b").delivers("a", "w").asks("w", "a");
    const lost = midTask.hangsUp("w", byBroker).waits(9_000).abandons("w", "a");
    expect(gapOf(lost.waits(50).consumes("w").works("w", "b"))).toBe(52);
  });

  test("until it is killed", () => {
    const lost = worker().stores("a").hangsUp("w", byBroker).waits(300).dies("w").waits(9_000);
    expect(gapOf(lost.drains("tasks", "a"))).toBe(302);
  });

  test("and the experiment's own consumer does not: it comes back when it is told to", () => {
    const lost = story().consumes("own").stores("a").hangsUp("own", byBroker).waits(9_000);
    expect(gapOf(lost.consumes("own").works("own", "a"))).toBe(1);
  });
});

describe("At the end", () => {
  test("a task that is never delivered is an unending wait", () => {
    expect(gapOf(worker().stores("a").waits(1_500).drains("tasks", "a"))).toBe("unending");
  });

  test("what the drain is sent is no delivery", () => {
    const stuck = worker().stores("a").waits(1_500).consumes(DRAIN).delivers("a", DRAIN);
    expect(gapOf(stuck.drains("tasks", "a"))).toBe("unending");
  });

  test("what a stopped worker gives back is wanted no more", () => {
    const held = worker().consumes("v").stores("a").delivers("a", "w").waits(5_000);
    const told = held.tells(stop("w")).hangsUp("w").waits(9_000).drains("tasks", "a");
    expect(gapOf(told)).toBe(1);
  });

  test.each([
    ["another program runs", () => worker().starts("v").consumes("v").tells(stop("w"))],
    ["a program is started", () => worker().tells(stop("w")).starts("v").consumes("v")],
    ["a fault comes", () => worker().tells(stop("w")).injects("stall", "v").consumes("v")],
  ])("a stop is part of the story if %s after it", (_, told) => {
    const gone = told().exits("w", { code: 0, signal: null });
    expect(gapOf(gone.stores("a").waits(700).works("v", "a").drains())).toBe(701);
  });
});
