import { expect, test } from "vitest";
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
  const module = { relativeModuleId: "tests/a.test.ts" };
  const result = () => ({ state, note, errors });
  const meta = () => (spec ? { ackproof: spec } : {});
  return { id: name, fullName: name, module, result, meta } as unknown as TestCase;
}

function aModule(cases: TestCase[], errors: object[] = []): TestModule {
  return {
    relativeModuleId: "tests/a.test.ts",
    project: { name: "unit", getProvidedContext: () => ({ laneBoot: 4000 }) },
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
