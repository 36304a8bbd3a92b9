import { describe, expect, it } from "vitest";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { describeLife, lifeOf } from "../../../harness/ledger/life.ts";
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

/** What is told of a life, the same from the ledger as from the history. */
function wordsOf(told: Story, task: string): string[] {
  const life = lifeAfter(told, task);
  expect(lifeOf(told.events, task)).toEqual(life);
  return describeLife(life, task).map((line) => line.replace(/^ *\+[\d.]+ ms {2}/, ""));
}

describe("A life of a task whose worker was struck for another", () => {
  it("has the pause, its end and the death in it, and nothing of another worker", () => {
    const told = story()
      .starts("worker-1")
      .starts("worker-2", 2)
      .stores("a", "b")
      .delivers("a", "worker-1")
      .delivers("b", "worker-1")
      .does("worker-1", "a")
      .injects("worker-pause", "worker-1", "mid-task", "b")
      .signals("worker-1", "SIGSTOP")
      .injects("worker-kill", "worker-2")
      .signals("worker-2", "SIGKILL", 2)
      .hangsUp("worker-1", { by: "broker" })
      .signals("worker-1", "SIGCONT")
      .exits("worker-1", { code: 1, signal: null })
      .delivers("a", "drain", { redelivered: true });
    expect(wordsOf(told, "a")).toEqual([
      "published by publisher to tasks",
      "confirmed to publisher",
      "delivered to worker-1 (tag 1)",
      "effect asked for by worker-1",
      "effect done for worker-1",
      "worker-pause of worker-1 (at mid-task of b)",
      "SIGSTOP sent to worker-1",
      "connection of worker-1 closed by the broker (without farewell)",
      "SIGCONT sent to worker-1",
      "worker-1 ended (exit code 1)",
      "delivered to drain (tag 1, redelivered)",
    ]);
  });

  it("has none of it once the task is answered", () => {
    const told = story()
      .stores("a")
      .works("worker-1", "a")
      .injects("worker-kill", "worker-1")
      .dies("worker-1");
    expect(wordsOf(told, "a").at(-1)).toBe("acked by worker-1 (tag 1)");
  });

  it("has the death of one that acked before its effect was done", () => {
    const told = story()
      .starts("worker-1")
      .stores("a")
      .delivers("a", "worker-1")
      .acks("worker-1", "a")
      .asks("worker-1", "a")
      .injects("worker-kill", "worker-1", "mid-task", "b")
      .abandons("worker-1", "a")
      .exits("worker-1", { code: null, signal: "SIGKILL" });
    expect(wordsOf(told, "a").slice(-3)).toEqual([
      "worker-kill of worker-1 (at mid-task of b)",
      "effect abandoned by worker-1",
      "worker-1 ended (SIGKILL)",
    ]);
  });

  it("has the end of a worker that was struck for this task after its ack", () => {
    const told = story()
      .starts("worker-1")
      .stores("a")
      .delivers("a", "worker-1")
      .acks("worker-1", "a")
      .injects("worker-kill", "worker-1", "after-ack", "a")
      .exits("worker-1", { code: null, signal: "SIGKILL" });
    expect(wordsOf(told, "a").slice(-2)).toEqual([
      "worker-kill of worker-1 (at after-ack)",
      "worker-1 ended (SIGKILL)",
    ]);
  });

  it("has what struck the broker, and not the later end of one that came back", () => {
    const told = story()
      .starts("worker-1")
      .stores("a")
      .delivers("a", "worker-1")
      .injects("broker-kill", "broker")
      .hangsUp("worker-1", { by: "broker" })
      .connects("worker-1")
      .signals("worker-1", "SIGTERM")
      .exits("worker-1");
    expect(wordsOf(told, "a").slice(-2)).toEqual([
      "broker-kill of broker",
      "connection of worker-1 closed by the broker (without farewell)",
    ]);
  });

  it("has the death of one that was mid-task still when it was back", () => {
    const told = story()
      .starts("worker-1")
      .stores("a")
      .delivers("a", "worker-1")
      .asks("worker-1", "a")
      .hangsUp("worker-1", { by: "broker" })
      .connects("worker-1")
      .injects("worker-kill", "worker-1")
      .exits("worker-1", { code: null, signal: "SIGKILL" });
    expect(wordsOf(told, "a").slice(-2)).toEqual([
      "worker-kill of worker-1",
      "worker-1 ended (SIGKILL)",
    ]);
  });

  it("has nothing of one whose task another has settled", () => {
    const told = story()
      .starts("worker-1")
      .stores("a")
      .delivers("a", "worker-1")
      .does("worker-1", "a")
      .closesChannel("worker-1", { by: "broker" })
      .works("worker-2", "a")
      .signals("worker-1", "SIGTERM")
      .exits("worker-1", { code: 0, signal: null });
    expect(wordsOf(told, "a").at(-1)).toBe("acked by worker-2 (tag 1)");
  });

  it("has what struck a node of the broker, and not once the task is done", () => {
    const told = story()
      .starts("worker-1")
      .stores("a")
      .delivers("a", "worker-1")
      .injects("node-kill", "node-2")
      .injects("broker-kill", "broker", "mid-task", "a")
      .does("worker-1", "a")
      .acks("worker-1", "a")
      .injects("node-stop", "node-1")
      .injects("broker-stop", "broker");
    const faults = wordsOf(told, "a").filter((line) => /^(broker|node)-/.test(line));
    expect(faults).toEqual(["node-kill of node-2", "broker-kill of broker (at mid-task)"]);
  });
});
