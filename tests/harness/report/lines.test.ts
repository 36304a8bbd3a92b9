import { expect, test } from "vitest";
import { fileLine, specLine } from "../../../harness/report/spec-line.ts";
import { aSpec, page, painted } from "./specs.ts";

test("a finished spec is one line, however long, where nobody's terminal ends", () => {
  expect(specLine(aSpec(), page())).toBe(
    "✓ guarantee    A task is done · classic · 3 published = 3 confirmed = 3 completed · 1.3 s",
  );
});

test("on a narrow terminal the account has a line of its own, and all lines hang", () => {
  const promise = "A task is redelivered to another worker when its worker is killed";
  expect(specLine(aSpec({ promise, kind: "limit" }), page(60)).split("\n")).toEqual([
    "✓ limit        A task is redelivered to another worker when",
    "               its worker is killed · classic",
    "               3 published = 3 confirmed = 3 completed ·",
    "               1.3 s",
  ]);
});

test("how long a fault kept the broker from serving anybody is part of its line", () => {
  const gaps = { confirms: 1_240, deliveries: "unending" } as const;
  const fault = { injection: 1, fault: "broker-kill", target: "broker", ...gaps } as const;
  expect(specLine(aSpec({ availability: { run: gaps, faults: [fault] } }), page())).toBe(
    "✓ guarantee    A task is done · classic · 3 published = 3 confirmed = 3 completed · no confirm for 1.2 s, no delivery any more · 1.3 s",
  );
});

test("each outcome has a mark and a colour of its own", () => {
  const heads = (["held", "broken", "inconclusive", "setup"] as const).map(
    (outcome) => specLine(aSpec({ outcome }), painted).split(" ")[0],
  );
  expect(heads).toEqual(["<green>✓</>", "<red>✗</>", "<yellow>?</>", "<magenta>!</>"]);
});

test("the plain tests of a file are one line", () => {
  const file = { file: "tests/a.test.ts", project: "unit", failed: 0, skipped: 0, time: 40 };
  expect([
    fileLine({ ...file, passed: 12 }, page()),
    fileLine({ ...file, passed: 1, failed: 2 }, page()),
  ]).toEqual([
    "✓ unit         tests/a.test.ts · 12 passed · 0.0 s",
    "✗ unit         tests/a.test.ts · 1 passed, 2 failed · 0.0 s",
  ]);
});
