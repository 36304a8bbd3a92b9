import { expect, test } from "vitest";
import { describeRounds, isMet, type SoakRound, shareOf } from "./figures.ts";

const MANY = 1_000_000;

const round = (raw: number, killed: number, held = true): SoakRound => ({
  raw,
  account: raw * 0.8,
  killed,
  workerKills: 20,
  brokerKills: 3,
  held,
  memory: 300e6,
  bytes: 4,
});

test("the share is met at the bound itself, by the median of the rounds' own ratios", () => {
  expect(shareOf(MANY, [round(100, 50)])).toEqual({ measured: 0.5, met: true });
  expect(shareOf(MANY, [round(100, 49)]).met).toBe(false);
  // The machine was slow in the second round, for all alike.
  expect(shareOf(MANY, [round(100, 60), round(10, 6), round(100, 1)]).met).toBe(true);
});

test("of fewer tasks the share is told and not judged; an account that is wrong always is", () => {
  expect(isMet(MANY, [round(100, 49)])).toBe(false);
  expect(isMet(MANY - 1, [round(100, 49)])).toBe(true);
  expect(isMet(MANY - 1, [round(100, 49, false)])).toBe(false);
  expect(describeRounds(MANY - 1, [round(100, 49)]).at(-2)).toMatch(/^few .* 0\.49 /);
});

test("the report has each rate, its share of raw, and whether the numbers are met", () => {
  expect(describeRounds(MANY, [round(10_000, 6_000)])).toEqual([
    "1,000,000 tasks, 1 rounds: median (lowest to highest)",
    "    raw 10,000/s",
    "    with the account 8,000/s, of raw 0.80 (0.80 to 0.80)",
    "    and 20 worker and 3 broker kills 6,000/s, of raw 0.60 (0.60 to 0.60)",
    "    memory at most 300 MB, history 4.0 bytes a task",
    "met     soak with kills / raw  0.60  at least 0.50 of 1,000,000 tasks",
    "met     every account exact, nothing lost",
  ]);
  const lines = describeRounds(MANY, [round(10_000, 6_000, false)]);
  expect(lines.at(-1)).toBe("MISSED  every account exact, nothing lost");
});
