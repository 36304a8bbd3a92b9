import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

const parse = (...args: string[]) => parseOptions(args, ["link", "ledger", "soak"]);

test("a benchmark is named, and the rest has defaults", () => {
  expect(parse("link")).toEqual({ benchmarks: ["link"], rounds: 7, quick: false, help: false });
});

test("without a name it is all of them; several are run in their own order, once each", () => {
  expect(parse().benchmarks).toEqual(["link", "ledger", "soak"]);
  expect(parse("soak", "link", "soak").benchmarks).toEqual(["link", "soak"]);
});

test("a smoke run takes fewer rounds, unless it is told how many", () => {
  expect(parse("link", "--quick").rounds).toBe(2);
  expect(parse("link", "--quick", "--rounds", "3", "--json", "out.json")).toMatchObject({
    rounds: 3,
    json: "out.json",
  });
});

test.each([
  [["sink"], 'There is no benchmark "sink": link, ledger, soak'],
  [["link", "lnik"], 'There is no benchmark "lnik": link, ledger, soak'],
  [["link", "--rounds", "0"], '--rounds is a whole number from 1, not "0"'],
  [["link", "--rounds", "many"], '--rounds is a whole number from 1, not "many"'],
  [["link", "--fast"], "Unknown option '--fast'"],
])("%j is refused, with what there is", (args, words) => {
  expect(() => parse(...args)).toThrow(words);
});
