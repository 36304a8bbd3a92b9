/** What a person sees of a run of tests that takes its time. */
import { expect, test } from "vitest";
import type { TestCase, TestModule, TestSpecification } from "vitest/node";
import { SuiteProgress } from "../../../../harness/report/live/suite-progress.ts";

type State = "passed" | "failed" | "skipped";

function running(lanes = 2) {
  let now = 0;
  const progress = new SuiteProgress(() => now);
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const plan = (...files: string[]) =>
    progress.plans(files.map((file) => specification(file, lanes)));
  const load = (file: string, ...tests: TestCase[]) => {
    progress.opens(aModule(file));
    progress.collects(aModule(file, tests));
  };
  const run = (name: string, milliseconds: number, state: State = "passed") => {
    progress.begins(aTest(name));
    pass(milliseconds);
    progress.ends(aTest(name, state));
  };
  return { progress, pass, plan, load, run };
}

/** As much of vitest's own as is looked at. The project of a file is before its slash. */
function specification(file: string, lanes: number): TestSpecification {
  const vitest = { config: { maxWorkers: lanes } };
  return { moduleId: file, project: { name: projectOf(file), vitest } } as TestSpecification;
}

function aModule(file: string, tests: TestCase[] = []): TestModule {
  const project = { name: projectOf(file) };
  return { moduleId: file, project, children: { allTests: () => tests } } as unknown as TestModule;
}

function aTest(name: string, state: State | "pending" = "pending", mode = "run"): TestCase {
  const result = () => ({ state });
  return { id: name, fullName: name, options: { mode }, result } as unknown as TestCase;
}

function projectOf(file: string): string {
  return file.split("/")[0] ?? "";
}

test("nothing runs while brokers boot", () => {
  const { progress, pass, plan } = running();
  plan("guarantees/a");
  pass(4_000);
  expect(progress.lines).toEqual(["tests  nothing runs yet · 4 s"]);
});

test("the specs that run now, and for how long; files are counted until all are loaded", () => {
  const { progress, pass, plan, load, run } = running();
  plan("guarantees/a", "guarantees/b");
  load("guarantees/a", aTest("one"), aTest("two"));
  run("one", 2_000);
  progress.begins(aTest("two"));
  pass(1_500);
  expect(progress.lines).toEqual(["tests  0 of 2 files · 3 s · 1 passed, 0 failed", "   1 s  two"]);
});

test("tests are counted once all of them are known, without those that a name left out", () => {
  const { progress, plan, load, run } = running();
  plan("guarantees/a", "guarantees/b");
  load("guarantees/a", aTest("one"), aTest("two"), aTest("other", "skipped", "skip"));
  load("guarantees/b", aTest("three"));
  run("one", 1_000, "failed");
  run("two", 1_000, "skipped");
  progress.ends(aTest("other", "skipped", "skip"));
  expect(progress.lines[0]).toContain("tests  2 of 3 tests · 2 s");
  expect(progress.lines[0]).toContain("· 0 passed, 1 failed, 1 skipped");
});

test("the time left is what tests took, with the loading of their file, by the lanes", () => {
  const { progress, pass, plan, load, run } = running();
  plan("guarantees/a");
  progress.opens(aModule("guarantees/a"));
  pass(10_000);
  load("guarantees/a", ...["one", "two", "three", "four"].map((name) => aTest(name)));
  run("one", 5_000);
  expect(progress.lines[0]).not.toContain("left"); // Too early.
  run("two", 5_000);
  expect(progress.lines[0]).toContain("about 10 s left"); // Two of 10 s, on two lanes.
});

test("a file that is not loaded yet is thought to be as those that are", () => {
  const { progress, plan, load, run } = running(1);
  plan("guarantees/a", "guarantees/b");
  load("guarantees/a", aTest("one"), aTest("two"));
  run("one", 10_000);
  run("two", 10_000);
  progress.closes(aModule("guarantees/a"));
  expect(progress.lines[0]).toContain("1 of 2 files · 20 s, about 20 s left");
});

test("tests of one project tell nothing of those of another", () => {
  const { progress, plan, load, run } = running(1);
  plan("unit/a", "guarantees/a");
  load("unit/a", aTest("one"), aTest("two"), aTest("last"));
  run("one", 10_000);
  run("two", 10_000);
  expect(progress.lines[0]).not.toContain("left");
  run("last", 10_000);
  progress.closes(aModule("unit/a"));
  load("guarantees/a", aTest("three"), aTest("four"), aTest("five"));
  run("three", 30_000);
  expect(progress.lines[0]).not.toContain("left");
  run("four", 30_000);
  expect(progress.lines[0]).toContain("about 30 s left");
});
