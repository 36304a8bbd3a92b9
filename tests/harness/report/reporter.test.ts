import { describe, expect, test } from "vitest";
import type { TestCase, TestModule, TestSpecification } from "vitest/node";
import { type ReporterOptions, TerminalReporter } from "../../../harness/report/reporter.ts";
import type { SpecResult } from "../../../harness/report/result.ts";
import { aSpec, page } from "./specs.ts";

interface Told {
  reporter: TerminalReporter;
  lines: string[];
}

function reporting(options: Partial<ReporterOptions> = {}): Told {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const all = { paper: page(), say, filtered: false, image: "rabbitmq:4.3", ...options };
  return { reporter: new TerminalReporter(all), lines };
}

interface CaseFacts {
  state?: string;
  note?: string;
  spec?: SpecResult;
  errors?: object[];
}

/** As much of vitest's test case as the reporter looks at. */
function aCase(name: string, facts: CaseFacts = {}): TestCase {
  const { state = "passed", note, spec, errors = [] } = facts;
  const module = { relativeModuleId: "tests/a.test.ts", moduleId: "/root/tests/a.test.ts" };
  const result = () => ({ state, note, errors });
  const meta = () => (spec ? { ackproof: spec } : {});
  const diagnostic = () => ({ duration: 12 });
  const location = { line: 7 };
  const all = { id: name, fullName: name, module, location, result, meta, diagnostic };
  return all as unknown as TestCase;
}

function aModule(cases: TestCase[], errors: object[] = [], globalSetup: string[] = []): TestModule {
  return {
    relativeModuleId: "tests/a.test.ts",
    moduleId: "/root/tests/a.test.ts",
    project: {
      name: "unit",
      config: { globalSetup },
      getProvidedContext: () => ({ laneBoot: 4000 }),
    },
    children: { allTests: () => cases },
    errors: () => errors,
    diagnostic: () => ({ duration: 1000 }),
  } as unknown as TestModule;
}

function specification(globalSetup: string[]): TestSpecification {
  const vitest = { config: { maxWorkers: 2 } };
  return { project: { config: { globalSetup }, vitest } } as unknown as TestSpecification;
}

test("says that brokers are booted, and only where they are", () => {
  const { reporter, lines } = reporting();
  reporter.onTestRunStart([specification([])]);
  expect(lines).toEqual([]);
  reporter.onTestRunStart([specification([]), specification(["harness/global-setup.ts"])]);
  expect(lines).toEqual(["booting 2 brokers from rabbitmq:4.3 ..."]);
});

test("a spec has its line when it ends, and a file one for all of its plain tests", () => {
  const { reporter, lines } = reporting();
  const cases = [aCase("one", { spec: aSpec() }), aCase("two"), aCase("three")];
  for (const one of cases) reporter.onTestCaseResult(one);
  expect(lines).toHaveLength(1);
  reporter.onTestModuleEnd(aModule(cases));
  expect(lines[1]).toBe("✓ unit         tests/a.test.ts · 2 passed · 1.0 s");
  reporter.onTestModuleEnd(aModule([aCase("four", { spec: aSpec() })]));
  expect(lines).toHaveLength(2);
  expect(reporter.report).toMatchObject({ passed: 4, failed: 0, skipped: 0 });
  expect(reporter.report.specs).toEqual([aSpec()]);
});

test("a failure is kept for the end, and told to who wants to know at once", () => {
  const told: string[] = [];
  const { reporter } = reporting({ onFailure: ({ title }) => told.push(title) });
  const spec = aSpec({ outcome: "broken" });
  const errors = [{ message: "BROKEN: x" }];
  reporter.onTestCaseResult(aCase("x", { state: "failed", spec, errors }));
  expect(told).toEqual(["tests/a.test.ts > x"]);
  expect(reporter.failures).toEqual([{ title: "tests/a.test.ts > x", spec, errors }]);
});

test("a file that can't be loaded, and an error outside of any test, count as failed", () => {
  const { reporter, lines } = reporting();
  const module = aModule([], [{ message: "SyntaxError" }]);
  reporter.onTestModuleEnd(module);
  reporter.onTestRunEnd([module], [{ message: "unhandled", name: "Error" }]);
  expect(lines).toEqual(["✗ unit         tests/a.test.ts · 1 failed · 1.0 s"]);
  expect(reporter.report).toMatchObject({ passed: 0, failed: 2 });
  expect(reporter.failures.map(({ title }) => title)).toEqual([
    "tests/a.test.ts",
    "outside of any test",
  ]);
});

test.each([
  [true, 0],
  [false, 1],
])("tests left out by a name pattern (%s) count as %i skipped", (filtered, skipped) => {
  const { reporter } = reporting({ filtered });
  reporter.onTestModuleEnd(aModule([aCase("x", { state: "skipped" })]));
  expect(reporter.report).toMatchObject({ passed: 0, failed: 0, skipped });
});

test("knows which tests are under way", () => {
  const { reporter } = reporting();
  reporter.onTestCaseReady(aCase("one"));
  reporter.onTestCaseReady(aCase("two"));
  reporter.onTestCaseResult(aCase("one"));
  expect(reporter.unfinished).toEqual(["two"]);
});

test("brokers that projects share count as booted once", () => {
  const { reporter } = reporting();
  reporter.onTestRunEnd([aModule([]), aModule([])], []);
  expect(reporter.report.time.boot).toBe(4000);
});

test("a spec that does not apply says why, and is a result; one that was left out is none", () => {
  const { reporter, lines } = reporting();
  const spec = aSpec({ outcome: "not-applicable", account: {}, reasons: ["no such queue here"] });
  const note = "no such queue here";
  const cases = [
    aCase("A task is done", { state: "skipped", note, spec }),
    aCase("another", { state: "skipped" }),
  ];
  for (const one of cases) reporter.onTestCaseResult(one);
  reporter.onTestModuleEnd(aModule(cases));
  expect(lines[0]).toBe("– n/a          A task is done · classic · no such queue here");
  expect(reporter.report).toMatchObject({ passed: 0, skipped: 2, specs: [spec] });
});

test("a spec that failed keeps what it says, without colours, and in full", () => {
  const { reporter } = reporting();
  const spec = aSpec({ outcome: "broken" });
  const errors = [
    { name: "AssertionError", message: "BROKEN: x\ntask-1 is \x1b[31mlost\x1b[39m:" },
  ];
  reporter.onTestCaseResult(aCase("x", { state: "failed", spec, errors }));
  expect(reporter.report.specs).toEqual([{ ...spec, failure: "BROKEN: x\ntask-1 is lost:" }]);
});

describe("a test that is no spec", () => {
  const about = { file: "tests/a.test.ts", project: "unit", line: 7, milliseconds: 12 };

  /** What is kept of a file. */
  function kept(module: TestModule, options: Partial<ReporterOptions> = {}) {
    const { reporter } = reporting(options);
    reporter.onTestModuleEnd(module);
    return reporter.report.tests;
  }

  test("is kept as it ended, beside specs, which are not", () => {
    const cases = [
      aCase("spec", { spec: aSpec() }),
      aCase("good"),
      aCase("told", { state: "skipped", note: "no engine" }),
      aCase("later", { state: "pending" }),
    ];
    expect(kept(aModule(cases))).toEqual([
      { ...about, name: "good", outcome: "passed" },
      { ...about, name: "told", outcome: "skipped", reason: "no engine" },
    ]);
  });

  test("names the image where it has a broker", () => {
    expect(kept(aModule([aCase("good")], [], ["setup.ts"]))[0]?.image).toBe("rabbitmq:4.3");
  });

  test("that a name has left out is no result", () => {
    const left = aModule([aCase("x", { state: "skipped" })]);
    expect(kept(left, { filtered: true })).toEqual([]);
    expect(kept(left)).toHaveLength(1);
  });

  test("that failed says why, and where: at the line of its file that failed", () => {
    const stacks = [
      { file: "/root/harness/b.ts", line: 1, column: 1, method: "" },
      { file: "/root/tests/a.test.ts", line: 9, column: 1, method: "" },
    ];
    const errors = [{ name: "Error", message: "no\nand no", stacks }];
    const [failed] = kept(aModule([aCase("bad", { state: "failed", errors })]));
    expect(failed).toMatchObject({ ...about, name: "bad", line: 9, outcome: "failed" });
    expect(failed?.failure).toMatch(/^FAILED: tests\/a.test.ts > bad\nError: no\nand no\n {2}at /);
  });

  test("is a file that can't be loaded, and an error outside of any", () => {
    const { reporter } = reporting();
    const module = aModule([], [{ name: "SyntaxError", message: "what?" }]);
    reporter.onTestModuleEnd(module);
    reporter.onTestRunEnd([module], [{ name: "Error", message: "unhandled" }]);
    expect(reporter.report.tests).toMatchObject([
      { file: "tests/a.test.ts", name: "the file itself", outcome: "failed" },
      { file: "", name: "outside of any test", outcome: "failed" },
    ]);
    expect(reporter.report.tests.map(({ failure }) => failure)).toEqual([
      "FAILED: tests/a.test.ts\nSyntaxError: what?",
      "FAILED: outside of any test\nError: unhandled",
    ]);
  });
});
