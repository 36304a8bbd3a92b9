import { describe, expect, it } from "vitest";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { describeLife } from "../../../harness/ledger/life.ts";
import { type Story, story } from "./history-builder.ts";

function lifeAfter(told: Story, task: string) {
  const ledger = new Ledger();
  for (const event of told.events) ledger.add(event);
  return ledger.life(task);
}

describe("A life", () => {
  it("tells of one task what happened to it, and why it was delivered again", () => {
    const told = story()
      .stores("a", "b")
      .delivers("a", "worker-1")
      .delivers("b", "worker-2")
      .asks("worker-1", "a")
      .injects("worker-kill", "worker-1", "mid-task", "a")
      .abandons("worker-1", "a")
      .hangsUp("worker-1")
      .hangsUp("worker-2")
      .delivers("a", "worker-2", { redelivered: true })
      .does("worker-2", "a")
      .acks("worker-2", "a")
      .hangsUp("worker-2");
    expect(describeLife(lifeAfter(told, "a"))).toEqual([
      "   +2.0 ms  published by publisher to tasks",
      "   +3.0 ms  confirmed to publisher",
      "   +6.0 ms  delivered to worker-1 (tag 1)",
      "   +8.0 ms  effect asked for by worker-1",
      "   +9.0 ms  worker-kill of worker-1 (at mid-task)",
      "  +10.0 ms  effect abandoned by worker-1",
      "  +11.0 ms  connection of worker-1 closed by the client (without farewell)",
      "  +13.0 ms  delivered to worker-2 (tag 1, redelivered)",
      "  +14.0 ms  effect asked for by worker-2",
      "  +15.0 ms  effect done for worker-2",
      "  +16.0 ms  acked by worker-2 (tag 1)",
    ]);
  });

  it("tells what a fault kept from whom", () => {
    const told = story()
      .publishes("a", { exchange: "work", persistent: false, dropped: true })
      .publishes("a")
      .confirms("a", { dropped: true })
      .delivers("a", "w", { noAck: true, dropped: true })
      .delivers("a", "w")
      .holds("ack", "a", "w")
      .acks("w", "a", { dropped: true })
      .closesChannel("w")
      .drains("tasks", "a");
    expect(describeLife(lifeAfter(told, "a")).map((line) => line.slice(12))).toEqual([
      "published by publisher to work (tasks) (transient, never reached the broker)",
      "published by publisher to tasks",
      "confirmed to publisher (never reached the client)",
      "delivered to w (tag 1, acked automatically, never reached the client)",
      "delivered to w (tag 2)",
      "ack of w held (hold 1)",
      "acked by w (tag 2, never reached the broker)",
      "channel of w closed by the client (200 Goodbye)",
      "drained from tasks",
    ]);
  });

  it("is empty for a task that nobody named", () => {
    expect(describeLife(lifeAfter(story().stores("a"), "b"))).toEqual([]);
  });
});
