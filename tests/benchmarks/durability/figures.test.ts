import { expect, test } from "vitest";
import { CARES, type DurabilityRound, describeRounds, NEITHER, samplesOf } from "./figures.ts";

/** By degree of care, in the order in which they are named. */
const round = (...rates: number[]): DurabilityRound =>
  new Map(Object.keys(CARES).map((name, index) => [name, rates[index] ?? 0]));

test("every combination is there, and each is named as it publishes", () => {
  const spelt = Object.values(CARES).map(({ persistent, confirmed }) => {
    return `${persistent ? "persistent" : "transient"}, ${confirmed ? "" : "un"}confirmed`;
  });
  expect(Object.keys(CARES)).toEqual(spelt);
  expect(new Set(spelt).size).toBe(4);
});

test("each is a share of neither, in its own round", () => {
  // The second round found a machine that was slow for all alike.
  expect(samplesOf("quorum", [round(100, 80, 50, 40), round(10, 8, 5, 4)])).toEqual([
    { what: `quorum: ${NEITHER}`, unit: "/s", rounds: [100, 10] },
    { what: "quorum: persistent, unconfirmed / neither", unit: "", rounds: [0.8, 0.8] },
    { what: "quorum: transient, confirmed / neither", unit: "", rounds: [0.5, 0.5] },
    { what: "quorum: persistent, confirmed / neither", unit: "", rounds: [0.4, 0.4] },
  ]);
});

test("the report has each rate, and its share", () => {
  expect(describeRounds("classic", 9000, [round(20_000, 10_000, 8000, 5000)])).toEqual([
    "classic, 9,000 tasks, 1 rounds: median (lowest to highest)",
    "    transient, unconfirmed 20,000/s",
    "    persistent, unconfirmed 10,000/s, of that 0.50 (0.50 to 0.50)",
    "    transient, confirmed 8,000/s, of that 0.40 (0.40 to 0.40)",
    "    persistent, confirmed 5,000/s, of that 0.25 (0.25 to 0.25)",
  ]);
});
