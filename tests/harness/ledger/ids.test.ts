/** Ids that are kept in a few bytes each: exact, whatever they look like. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasId, packIds, unpackIds } from "../../../harness/history/ids.ts";
import { Channel } from "../../../harness/ledger/channel.ts";
import type { Course } from "../../../harness/ledger/course.ts";
import { Finished } from "../../../harness/ledger/finished.ts";
import { NumberedIds } from "../../../harness/ledger/numbered-ids.ts";
import { OtherIds } from "../../../harness/ledger/other-ids.ts";

/** Ids that are easily mistaken for each other. */
const id = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 3000 }).map((number) => `task-${number}`) },
  { weight: 2, arbitrary: fc.nat({ max: 50 }).map((number) => `task-0${number}`) },
  fc.nat({ max: 50 }).map((number) => `task-10${"0".repeat(number % 12)}${number}`),
  fc.nat().map((number) => String(number)),
  fc.constantFrom("", "0", "00", "task-", "task-0", "task-00", "täsk-1", "任务-1", "\u0000\u0100"),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.string({ unit: "binary", maxLength: 300 }),
);

const course: Course = {
  publisher: "publisher",
  target: "tasks",
  mandatory: true,
  channel: new Channel({ subject: "w", connection: 1, channel: 1 }),
  queue: "tasks",
  acked: 1,
};

describe("Finished tasks", () => {
  it("are told from all others, whatever their ids", () => {
    const steps = fc.array(fc.tuple(id, fc.boolean()), { minLength: 50, maxLength: 400 });
    fc.assert(
      fc.property(steps, (all) => {
        const finished = new Finished();
        const model = new Set<string>();
        for (const [one, isTaken] of all) {
          expect(finished.has(one)).toBe(model.has(one));
          if (isTaken || model.has(one)) {
            expect(finished.take(one)).toEqual(model.delete(one) ? course : null);
          } else if (finished.add(one, { ...course })) model.add(one);
          expect(finished.size).toBe(model.size);
        }
        for (const [one] of all) expect(finished.has(one)).toBe(model.has(one));
      }),
      { numRuns: 60 },
    );
  });

  it("come back with the course that they took", () => {
    const finished = new Finished();
    const other = { ...course, publisher: "producer-1" };
    for (let task = 0; task < 100; task++) finished.add(`a-${task}`, task < 50 ? course : other);
    expect(finished.take("a-49")).toEqual(course);
    expect(finished.take("a-50")).toEqual(other);
    expect(finished.take("a-50")).toBe(null);
  });

  it("are not kept so by an id that is too long", () => {
    expect(new Finished().add("x".repeat(256), course)).toBe(false);
  });
});

describe("Numbered ids", () => {
  it("are taken once several of a prefix were seen, and refused where they leap", () => {
    const ids = new NumberedIds();
    const taken = Array.from({ length: 40 }, (_, task) => ids.set(`task-${task}`, 1));
    expect(taken.indexOf(true)).toBe(15);
    expect(taken.slice(15)).toEqual(Array(25).fill(true));
    expect(ids.set("task-1000000", 1)).toBe(false);
    expect(ids.get("task-1000000")).toBe(0);
  });

  it("are no UUIDs", () => {
    const ids = new NumberedIds();
    const uuids = Array.from({ length: 100 }, () => randomUUID());
    expect(uuids.some((uuid) => ids.set(uuid, 1))).toBe(false);
  });
});

it("Other ids are found after the table has grown", () => {
  const ids = new OtherIds();
  const uuids = Array.from({ length: 20_000 }, () => randomUUID());
  for (const [index, uuid] of uuids.entries()) ids.set(uuid, index + 1);
  expect(uuids.every((uuid, index) => ids.get(uuid) === index + 1)).toBe(true);
  expect(ids.get(randomUUID())).toBe(0);
});

describe("Packed ids", () => {
  it("are the same when they are unpacked", () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 80 }), (all) => {
        const packed = packIds(all);
        expect([...unpackIds(JSON.parse(JSON.stringify(packed)))].sort()).toEqual(all.sort());
        for (const one of all) expect(hasId(packed, one)).toBe(true);
        expect(hasId(packed, "task-4000")).toBe(false);
      }),
    );
  });

  it("are few entries where they follow each other", () => {
    expect(packIds(["t-2", "t-1", "t-4", "t-3", "x", "t-9", "t-07"])).toEqual([
      "x",
      ["t-", 1, 4],
      "t-9",
      "t-07",
    ]);
  });

  it("don't have what only looks alike", () => {
    const packed = packIds(["t-1", "t-2", "t-3"]);
    expect(
      ["t-02", "t-2 ", "t-2.0", "t-", "t-0", "t-4", "u-2"].some((one) => hasId(packed, one)),
    ).toBe(false);
  });
});
