import { expect, test } from "vitest";
import { atLeast, atMost, figureOf, under } from "./sample.ts";

const of = (rounds: number[], bound = atLeast(1)) =>
  figureOf("link", { what: "a ratio", unit: "", rounds, bound });

test("a figure has every round, and its median, which the bound is about", () => {
  expect(of([3, 0.5, 1])).toEqual({
    benchmark: "link",
    what: "a ratio",
    unit: "",
    rounds: [3, 0.5, 1],
    lowest: 0.5,
    median: 1,
    highest: 3,
    bound: { is: "at least", value: 1 },
    met: true,
  });
});

test("a bound is met at the bound itself, unless it says under", () => {
  expect(of([1], atLeast(1)).met).toBe(true);
  expect(of([0.999], atLeast(1)).met).toBe(false);
  expect(of([1], atMost(1)).met).toBe(true);
  expect(of([1.001], atMost(1)).met).toBe(false);
  expect(of([1], under(1)).met).toBe(false);
  expect(of([0.999], under(1)).met).toBe(true);
});

test("without a bound, or with too little work, nothing is judged", () => {
  const sample = { what: "a ratio", unit: "", rounds: [1] } as const;
  expect(figureOf("soak", sample)).toMatchObject({ bound: null, met: null });
  expect(figureOf("soak", { ...sample, bound: atLeast(2), isJudged: false })).toMatchObject({
    bound: atLeast(2),
    met: null,
  });
});

test("what could not be measured meets nothing", () => {
  expect(of([Number.NaN]).met).toBe(false);
});
