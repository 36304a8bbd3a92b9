import { describe, expect, test } from "vitest";
import {
  parseSelection,
  selectionArguments,
  titlePattern,
} from "../../../harness/cli/arguments.ts";
import { SetupError } from "../../../harness/errors.ts";

const parse = (...args: string[]) => parseSelection("guarantees", args);

describe("a selection", () => {
  test("is everything where nothing is said", () => {
    expect(parse()).toEqual({
      families: [],
      allBrokers: false,
      write: false,
      files: {},
      help: false,
    });
  });

  test("is what is said", () => {
    expect(parse("durability", "-t", "is lost", "--queue", "quorum", "--broker", "4.0")).toEqual({
      families: ["durability"],
      promise: "is lost",
      queue: "quorum",
      broker: "4.0",
      allBrokers: false,
      write: false,
      files: {},
      help: false,
    });
  });

  test("may have its result written to files", () => {
    const files = { json: "/tmp/a.json", junit: "a.xml", markdown: "a.md" };
    const args = Object.entries(files).map(([format, file]) => `--${format}=${file}`);
    expect(parse(...args).files).toEqual(files);
    expect(parseSelection("test", args).files).toEqual(files);
  });

  test("may have all of it written", () => {
    expect(parse("--all-brokers", "--write")).toMatchObject({ allBrokers: true, write: true });
  });

  test.each([
    [["--queue", "stream"], '--queue is classic or quorum, not "stream".'],
    [["--broker", "4.0", "--all-brokers"], "choose one"],
    [["--write"], "--write needs --all-brokers"],
    [["--write", "--broker", "4.0"], "--write needs --all-brokers"],
    [["--write", "--all-brokers", "dispatch"], "dispatch selects a part of it"],
    [["--write", "--all-brokers", "-t", "lost"], "-t selects a part of it"],
    [["--write", "--all-brokers", "--queue", "quorum"], "--queue selects a part of it"],
    [["--shard", "3/2"], '--shard is <index>/<count>, such as 1/2 and 2/2, not "3/2".'],
    [["--shard", "0/2"], 'not "0/2".'],
    [["--shard", "half"], 'not "half".'],
    [["--shard", "1/2", "--all-brokers"], "name it with --broker instead"],
    [["--brokers"], "Unknown option '--brokers'"],
    [["--json"], "'--json <value>' argument missing"],
    [["--junit", "/nowhere/a.xml"], "The result can't be written to /nowhere/a.xml: ENOENT"],
  ])("that makes no sense is refused: %j", (args, message) => {
    expect(() => parse(...args)).toThrow(SetupError);
    expect(() => parse(...args)).toThrow(message);
  });

  test("may be a part of the files, for any of the suites", () => {
    const shard = { index: 2, count: 3 };
    for (const command of ["guarantees", "disasters", "test", "test:tools"]) {
      expect(parseSelection(command, ["--shard", "2/3"])).toMatchObject({ shard });
    }
  });

  test("of `test` names no families, and writes nothing", () => {
    expect(() => parseSelection("test", ["durability"])).toThrow(SetupError);
    expect(() => parseSelection("test", ["--all-brokers", "--write"])).toThrow("'--write'");
    expect(parseSelection("test", ["--all-brokers"]).write).toBe(false);
  });

  test("is the same when it is passed on", () => {
    const selection = parse("durability", "dispatch", "-t", "x", "--queue", "classic");
    expect(parse(...selectionArguments(selection))).toEqual(selection);
  });

  test("leaves its files to who passes it on", () => {
    expect(selectionArguments(parse("durability", "--json", "a.json"))).toEqual(["durability"]);
  });
});

describe("a pattern for titles", () => {
  const matches = (title: string, ...args: string[]) =>
    new RegExp(titlePattern(parse(...args)) ?? "").test(title);

  test("takes a promise literally", () => {
    const title = "Is it lost (or not)? It costs 1.5 * 2 · classic";
    expect(matches(title, "-t", "lost (or not)? It costs 1.5 * 2")).toBe(true);
    expect(matches(title, "-t", "lost .or not")).toBe(false);
  });

  test("takes a type of queue at the end of a title only", () => {
    const title = "A quorum · quorum of tasks is kept · classic";
    expect(matches(title, "--queue", "classic")).toBe(true);
    expect(matches(title, "--queue", "quorum")).toBe(false);
    expect(matches(title, "--queue", "classic", "-t", "is kept")).toBe(true);
    expect(matches(title, "--queue", "classic", "-t", "is lost")).toBe(false);
  });

  test("is none where nothing is said", () => {
    expect(titlePattern(parse())).toBeUndefined();
  });
});
