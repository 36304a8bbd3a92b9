/** What a probe prints, read into how often each task was done. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCounts } from "../../../../harness/audit/effects/counts.ts";

const TASKS = new Set(["task-1", "task-2", "task-3"]);

function counts(text: string, tasks = TASKS) {
  return Object.fromEntries(parseCounts(text, tasks));
}

describe("a line", () => {
  test.for([
    ["blanks", "task-1 2"],
    ["several blanks", "  task-1    2  "],
    ["a tab", "task-1\t2"],
    ["a comma", "task-1,2"],
    ["a comma and a blank", "task-1, 2"],
    ["psql's bar", "task-1|2"],
    ["psql's aligned bar", " task-1 |     2"],
    ["Windows' line end", "task-1 2\r\n"],
  ])("with %s between id and count", ([, text = ""]) => {
    expect(counts(text)).toEqual({ "task-1": 2 });
  });

  test("without a count is one effect", () => {
    expect(counts("task-1\ntask-2\n")).toEqual({ "task-1": 1, "task-2": 1 });
  });

  test("with the count 0 is none", () => {
    expect(counts("task-1 0")).toEqual({ "task-1": 0 });
  });

  test("about the same task adds up", () => {
    expect(counts("task-1 1\ntask-1\ntask-1 3")).toEqual({ "task-1": 5 });
  });

  test("about another id than this trial's is left out, whatever its form", () => {
    expect(
      counts("old-7 3\nan order of 2024 1\ntask-11\nзаказ № 5 2\n99999999999999999999"),
    ).toEqual({});
  });

  test("whose id has blanks or ends like a count is read as the id that it is", () => {
    const tasks = new Set(["заказ № 5", "a b"]);
    expect(counts("заказ № 5\nзаказ № 5 2\na b 1", tasks)).toEqual({ "заказ № 5": 3, "a b": 1 });
  });

  test("that is empty says nothing", () => {
    expect(counts("\n\n  \r\n")).toEqual({});
    expect(counts("")).toEqual({});
  });
});

describe("a line that is something else is quoted", () => {
  test.for([
    ["a header", "id count", "line 1"],
    ["a negative count", "task-1 1\ntask-1 -3", "line 2"],
    ["an exponent", "task-1 1e3", "line 1"],
    ["a fraction", "task-1 1.5", "line 1"],
    ["other digits", "task-1 ٣", "line 1"],
    ["psql's footer", "(1 row)", "line 1"],
    ["bytes", "\u0000\u0001 \ufffd\ufffd", "line 1"],
  ])("%s", ([, text = "", where = ""]) => {
    const quoted = JSON.stringify(text.split("\n").at(-1)?.trim());
    expect(() => counts(text)).toThrow(
      `${where} is not an id and how often it was done: ${quoted}`,
    );
  });

  test("a count without an id", () => {
    expect(() => counts("| 3")).toThrow('line 1 has a count and no id: "| 3"');
  });

  test("a count that nobody can believe", () => {
    const most = "line 1 counts more than 10000 effects of one task";
    expect(() => counts("task-1 10001")).toThrow(most);
    expect(() => counts(`task-1 ${"9".repeat(400)}`)).toThrow(most);
  });

  test("a very long one, by its beginning", () => {
    expect(() => counts(`task-1 ${"x".repeat(1_000_000)}`)).toThrow(/^.{0,200}…"$/);
  });
});

test("whatever is printed: each task's own count, or an error, and soon", () => {
  const id = fc.constantFrom(...TASKS);
  const lines = fc.array(fc.tuple(id, fc.constantFrom(" ", "\t", ",", "|", " | "), fc.nat(50)));
  fc.assert(
    fc.property(lines, (all) => {
      const expected: Record<string, number> = {};
      for (const [task, , count] of all) expected[task] = (expected[task] ?? 0) + count;
      expect(counts(all.map((line) => line.join("")).join("\n"))).toEqual(expected);
    }),
  );
});
