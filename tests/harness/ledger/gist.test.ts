/** What is kept of a long life: what explains its end. */
import { describe, expect, it } from "vitest";
import { gist } from "../../../harness/ledger/gist.ts";
import { describeLife, lifeOf } from "../../../harness/ledger/life.ts";
import { type Story, story } from "./history-builder.ts";

function told(by: Story, most: number): string[] {
  return gist(describeLife(lifeOf(by.events, "a"), "a"), most).map((line) =>
    line.replace(/^ *(\+[\d.]+ ms {2})?/, ""),
  );
}

/** A task that was refused to its worker, which then hung until it was ended. */
function refused(): Story {
  return story()
    .poisons("a")
    .stores("a")
    .delivers("a", "worker-1")
    .fails("worker-1", "a")
    .hangsUp("worker-1")
    .delivers("a", "drain", { redelivered: true })
    .drains("tasks", "a")
    .acks("drain", "a");
}

describe("The gist of a life", () => {
  it("leaves out the harness's own clean-up and the way in first", () => {
    expect(told(refused(), 8)).toEqual([
      "made so that nobody can do it",
      "confirmed to publisher",
      "delivered to worker-1 (tag 1)",
      "effect asked for by worker-1",
      "effect refused to worker-1 (HTTP 422)",
      "connection of worker-1 closed by the client (without farewell)",
      "drained from tasks",
      "… 3 more in between …",
    ]);
  });

  it("then what every task goes through, and keeps what is not so", () => {
    expect(told(refused(), 5)).toEqual([
      "made so that nobody can do it",
      "effect refused to worker-1 (HTTP 422)",
      "connection of worker-1 closed by the client (without farewell)",
      "drained from tasks",
      "… 6 more in between …",
    ]);
  });

  it("keeps what struck its worker, however often it was answered before and after", () => {
    const by = story().starts("worker-1").stores("a");
    for (let time = 1; time <= 4; time++)
      by.delivers("a", "worker-1").rejects("worker-1", "a", { requeue: true });
    by.delivers("a", "worker-1").injects("worker-kill", "worker-1", "mid-task", "b");
    by.dies("worker-1").hangsUp("worker-1");
    for (let time = 1; time <= 4; time++)
      by.delivers("a", "worker-2").rejects("worker-2", "a", { requeue: true });
    expect(told(by, 6)).toEqual([
      "rejected by worker-1 (tag 1, requeue)",
      "rejected by worker-1 (tag 2, requeue)",
      "worker-kill of worker-1 (at mid-task of b)",
      "rejected by worker-2 (tag 3, requeue)",
      "rejected by worker-2 (tag 4, requeue)",
      "… 18 more in between …",
    ]);
  });

  it("never takes what was swallowed, refused or returned for the usual way in", () => {
    const by = story()
      .publishes("a", { dropped: true })
      .refuses("a")
      .returns("a")
      .publishes("a", { exchange: "work" })
      .confirms("a")
      .confirms("a", { dropped: true })
      .works("worker-1", "a");
    expect(told(by, 7)).toEqual([
      "published by publisher to tasks (never reached the broker)",
      "refused to publisher",
      "returned to publisher (312 NO_ROUTE)",
      "confirmed to publisher (never reached the client)",
      "effect done for worker-1",
      "acked by worker-1 (tag 1)",
      "… 4 more in between …",
    ]);
  });

  it("says in its place how many are left out, where they stood together", () => {
    const by = story().stores("a").works("worker-1", "a").hangsUp("worker-1");
    expect(told(by, 4)).toEqual([
      "… 3 more …",
      "effect asked for by worker-1",
      "effect done for worker-1",
      "acked by worker-1 (tag 1)",
    ]);
  });

  it("is the whole life where there is room for it", () => {
    expect(told(refused(), 11)).toHaveLength(10);
    expect(told(refused(), 10)).toHaveLength(10);
    expect(told(refused(), 9)).toHaveLength(9);
  });
});
