/** What a failure tells of the tasks that ended badly: compact, however many and however long. */
import { describe, expect, test } from "vitest";
import type { Event } from "../../harness/history/event.ts";
import { livesBesides, livesOf } from "../../harness/scenario/lives.ts";
import type { Rig } from "../../harness/scenario/rig.ts";

type Judged = Pick<Rig, "verdict" | "life">;

/** A rig whose tasks have ended so, each after a life of so many events. */
function rigOf(fates: Record<string, string[]>, events = 2): Judged {
  const life = () =>
    Array.from({ length: events }, (_, seq) => ({
      type: "effect-requested",
      subject: `worker-${seq + 1}`,
      seq,
      at: seq,
    }));
  return { verdict: { fates }, life: life as unknown as () => Event[] } as unknown as Judged;
}

function ids(count: number, prefix = "task"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

const LIFE = ["  +0.0 ms  effect asked for by worker-1", "  +1.0 ms  effect asked for by worker-2"];

test("one bad task: its fate and its life, and nothing of those that were done", () => {
  expect(livesBesides("", rigOf({ lost: ["task-1"], completed: ids(99) }))).toEqual([
    "task-1 is lost:",
    ...LIFE,
  ]);
});

test("three: their ids in a line, then the life of each", () => {
  expect(livesBesides("", rigOf({ lost: ids(3) }))).toEqual([
    "3 tasks are lost: task-1, task-2, task-3",
    ...ids(3).flatMap((task) => [`${task} is lost:`, ...LIFE]),
  ]);
});

test("a thousand: five ids, three lives, and how many more there are", () => {
  expect(livesBesides("", rigOf({ duplicated: ids(1000) }))).toEqual([
    "1000 tasks are duplicated: task-1, task-2, task-3, task-4, task-5 and 995 more",
    ...ids(3).flatMap((task) => [`${task} is duplicated:`, ...LIFE]),
    "… and 997 more.",
  ]);
});

test("many lost ones do not hide the one that is stuck", () => {
  const told = livesOf(rigOf({ lost: ids(20), remaining: ["stuck"] }));
  expect(told.filter((line) => line.endsWith(":"))).toEqual([
    "task-1 is lost:",
    "stuck is remaining:",
    "task-2 is lost:",
  ]);
});

test("a life of 200 events is told by its beginning and its end", () => {
  const told = livesOf(rigOf({ lost: ["task-1"] }, 200));
  expect(told).toHaveLength(1 + 14);
  expect(told.slice(6, 9)).toEqual([
    "    +5.0 ms  effect asked for by worker-6",
    "  … 187 more …",
    "  +193.0 ms  effect asked for by worker-194",
  ]);
  expect(told.at(-1)).toBe("  +199.0 ms  effect asked for by worker-200");
});

describe("where a matcher has asked about some fates", () => {
  test("only theirs are told, without the ids that it names itself", () => {
    const rig = rigOf({ lost: ids(2), parked: ["other"] });
    expect(livesOf(rig, ["lost"]).filter((line) => line.includes("task"))).toEqual([
      "task-1 is lost:",
      "task-2 is lost:",
    ]);
    expect(livesOf(rig, ["lost"]).join("\n")).not.toContain("other");
  });

  test("what its message tells already is not told again", () => {
    const rig = rigOf({ lost: ids(2) });
    expect(livesBesides(livesOf(rig).join("\n"), rig)).toEqual([]);
  });
});
