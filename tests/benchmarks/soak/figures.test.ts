import { expect, test } from "vitest";
import { figureOf } from "../sample.ts";
import { describeRounds, type SoakRound, samplesOf } from "./figures.ts";

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

const figures = (messages: number, ...rounds: SoakRound[]) =>
  samplesOf(messages, rounds).map((sample) => figureOf("soak", sample));

/** Whether the share is there, in time, with every account exact. */
const met = (messages: number, ...rounds: SoakRound[]) =>
  figures(messages, ...rounds).flatMap((figure) => (figure.bound ? [figure.met] : []));

test("the share is met at the bound itself, by the median of the rounds' own ratios", () => {
  expect(met(MANY, round(8000, 4000))).toEqual([true, true, true]);
  expect(met(MANY, round(8000, 3900))).toEqual([false, true, true]);
  // The machine was slow in the second round, for all alike.
  const rounds = [round(8000, 4800), round(800, 480), round(8000, 40)];
  expect(met(MANY, ...rounds)).toEqual([true, false, true]);
});

test("of fewer tasks the share is told and not judged; an account that is wrong always is", () => {
  expect(met(MANY - 1, round(100, 49))).toEqual([null, null, true]);
  expect(met(MANY - 1, round(100, 49, false))).toEqual([null, null, false]);
  // One of three: the median says so all the same.
  const wrong = round(8000, 4800, false);
  expect(met(MANY, round(8000, 4800), round(8000, 4800), wrong)).toEqual([true, true, false]);
});

test("the figures are named with what they are of", () => {
  expect(figures(MANY, round(10_000, 6_000)).map(({ what, median }) => [what, median])).toEqual([
    ["1,000,000 tasks: raw", 10_000],
    ["1,000,000 tasks: with the account / raw", 0.8],
    ["1,000,000 tasks: with 20 worker and 3 broker kills / raw", 0.6],
    ["1,000,000 tasks: with 20 worker and 3 broker kills", 1000 / 6],
    ["1,000,000 tasks: rounds whose account is not exact, or loses a task", 0],
    ["1,000,000 tasks: memory of the harness", 300],
    ["1,000,000 tasks: history, for a task", 4],
  ]);
});

test("the report has each rate, and its share of raw", () => {
  expect(describeRounds(MANY, [round(10_000, 6_000)])).toEqual([
    "1,000,000 tasks, 1 rounds: median (lowest to highest)",
    "    raw 10,000/s",
    "    with the account 8,000/s, of raw 0.80 (0.80 to 0.80)",
    "    and 20 worker and 3 broker kills 6,000/s, of raw 0.60 (0.60 to 0.60)",
    "    memory at most 300 MB, history 4.0 bytes a task",
  ]);
});
