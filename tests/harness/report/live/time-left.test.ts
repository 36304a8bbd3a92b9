import { expect, test } from "vitest";
import { elapsed, mean, timeLeft } from "../../../../harness/report/live/time-left.ts";

test.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min 0 s"],
  [3_725_000, "62 min 5 s"],
])("%i ms have passed: %s", (milliseconds, words) => {
  expect(elapsed(milliseconds)).toBe(words);
});

test.each([
  [1_000, "a few seconds left"],
  [9_999, "a few seconds left"],
  [10_000, "about 10 s left"],
  [31_000, "about 35 s left"],
  [114_000, "about 115 s left"],
  [116_000, "about 2 min left"],
  [121_000, "about 3 min left"],
])("%i ms are left: %s", (milliseconds, words) => {
  expect(timeLeft(milliseconds)).toEqual([words]);
});

test.each([undefined, Number.POSITIVE_INFINITY, Number.NaN, 0, -5_000, 999])(
  "of %s ms nothing is said: nobody can know, or it takes longer than was thought",
  (milliseconds) => {
    expect(timeLeft(milliseconds)).toEqual([]);
  },
);

test("there is no mean of nothing", () => {
  expect([mean([]), mean([1, 2, 6])]).toEqual([undefined, 3]);
});
