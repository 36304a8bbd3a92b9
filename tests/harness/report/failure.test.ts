import { describe, expect, test } from "vitest";
import { failureText } from "../../../harness/report/failure.ts";
import { aSpec, page, painted } from "./specs.ts";

const here = { file: import.meta.filename, line: 1, column: 8, method: "" };
const title = "tests/x.spec.ts > A task is done · classic";

describe("of a spec", () => {
  const message = "BROKEN: A task is done · classic\nexpected 1\ntask-1 is lost:\nAgain: npm …";
  const spec = aSpec({ outcome: "broken" });

  test("is the error's message as it is, and the difference, without its colours", () => {
    const error = { name: "AssertionError", message, diff: "\x1B[32m- 1\x1B[39m", stacks: [here] };
    expect(failureText({ title, spec, errors: [error] }, page())).toBe(`${message}\n  - 1`);
  });

  test.each(["Inconclusive", "SetupError", "MissedDeadline"])("%s needs no stack", (name) => {
    expect(failureText({ title, spec, errors: [{ name, message, stacks: [here] }] }, page())).toBe(
      message,
    );
  });

  test("any other error says where it was thrown, with the line", () => {
    const error = { name: "TypeError", message, stacks: [here] };
    const text = failureText({ title, spec, errors: [error] }, page());
    expect(text.startsWith(`${message}\nTypeError, thrown at:\n  at tests/harness/report/`)).toBe(
      true,
    );
    expect(text).toContain("  >    1 | import { describe");
  });

  test("doubt has another colour than a broken promise", () => {
    const first = (word: string) =>
      failureText({ title, spec, errors: [{ message: `${word}: x` }] }, painted).split("\n")[0];
    expect([first("BROKEN"), first("INCONCLUSIVE"), first("SETUP")]).toEqual([
      "<red>BROKEN: x</>",
      "<yellow>INCONCLUSIVE: x</>",
      "<magenta>SETUP: x</>",
    ]);
  });
});

describe("of a plain test", () => {
  test("names the test, and the line that failed", () => {
    const error = { name: "AssertionError", message: "expected 1 to be 2", stacks: [here, here] };
    const text = failureText({ title, spec: undefined, errors: [error] }, page()).split("\n");
    expect(text.slice(0, 3)).toEqual([
      `FAILED: ${title}`,
      "expected 1 to be 2",
      "  at tests/harness/report/failure.test.ts:1:8",
    ]);
    expect(text.filter((line) => line.startsWith("  at "))).toHaveLength(1);
  });

  test("a cause is told", () => {
    const error = { name: "Error", message: "no", cause: { name: "Error", message: "because" } };
    expect(failureText({ title, spec: undefined, errors: [error] }, page())).toBe(
      `FAILED: ${title}\nError: no\ncaused by: because`,
    );
  });
});
