import { expect, test } from "vitest";
import { parseExplore } from "../../../harness/cli/explore-arguments.ts";

test("it is told a seed, an end and a broker", () => {
  const args = ["--seed", "1.7", "--for", "10m", "--broker", "4.0", "--broker-faults", "none"];
  expect(parseExplore(args)).toEqual({
    seed: { number: 7, text: "1.7" },
    time: 600_000,
    broker: "4.0",
    disturbed: "none",
    help: false,
  });
});

test("without arguments, it draws a hundred plans from any seed", () => {
  const { runs, seed } = parseExplore([]);
  expect(runs).toBe(100);
  expect(seed.text).toMatch(/^1\.\d+$/);
  expect(parseExplore([]).seed).not.toEqual(seed);
});

test.each([
  [["--runs", "0"], '--runs is a number from 1, not "0".'],
  [["--for", "10"], '--for is a time such as 90s, 10m or 1h, not "10".'],
  [["--runs", "5", "--for", "1h"], "choose one"],
  [["--seed", "9.1"], "was drawn by version 9"],
  [["--broker-faults", "many"], 'some, none or all, not "many"'],
  [["--plant", "apples"], 'no fault "apples" to plant'],
  [["--sed", "1"], "says what there is"],
])("%s is refused", (args, message) => {
  expect(() => parseExplore(args)).toThrow(message);
});
