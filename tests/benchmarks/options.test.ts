import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

const parse = (...args: string[]) => parseOptions(args, ["link"]);

test("a benchmark is named, and the rest has defaults", () => {
  expect(parse("link")).toEqual({ benchmark: "link", rounds: 7, quick: false, help: false });
});

test("a smoke run takes fewer rounds, unless it is told how many", () => {
  expect(parse("link", "--quick").rounds).toBe(2);
  expect(parse("link", "--quick", "--rounds", "3", "--json", "out.json")).toMatchObject({
    rounds: 3,
    json: "out.json",
  });
});

test("help needs no benchmark", () => {
  expect(parse("--help").help).toBe(true);
});

test.each([
  [[], "Name one benchmark: link"],
  [["sink"], "Name one benchmark: link"],
  [["link", "link"], "Name one benchmark: link"],
  [["link", "--rounds", "0"], '--rounds is a whole number from 1, not "0"'],
  [["link", "--rounds", "many"], '--rounds is a whole number from 1, not "many"'],
  [["link", "--fast"], "Unknown option '--fast'"],
])("%j is refused, with what there is", (args, words) => {
  expect(() => parse(...args)).toThrow(words);
});
