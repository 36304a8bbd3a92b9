import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FAULT_NAMES } from "../../../harness/history/event.ts";
import { ACCOUNT_LINES } from "../../../harness/ledger/account.ts";
import { suiteIn } from "../../../harness/report/html/read/suite-file.ts";
import type { RunReport } from "../../../harness/report/run-report.ts";
import { SUITE_SCHEMA, SUITE_VERSION, suiteJson } from "../../../harness/report/suite-json.ts";
import { aSpec, aTest } from "./specs.ts";
import { aReport, brokenSuite, hostileSuite, SECRET } from "./suite-results.ts";
import { complaints, schema } from "./suite-valid.ts";

/** Of a real run: a promise that a hasty worker broke, and one that proved nothing. */
const saved = JSON.parse(readFileSync(new URL("suite-saved.json", import.meta.url), "utf8"));

describe("the schema", () => {
  test.each<[string, () => RunReport]>([
    ["what held", () => aReport({ passed: 2, specs: [aSpec()], tests: [aTest()] })],
    ["what is broken", brokenSuite],
    ["what is hostile", hostileSuite],
    ["what a real run has saved", () => suiteIn(saved)],
    [
      "what is no result at all",
      () => suiteIn({ specs: [7, {}], tests: "no", lanes: -1, time: [] }),
    ],
  ])("holds for %s", (_what, make) => {
    expect(complaints(suiteJson(make()))).toEqual([]);
  });

  test("complains of what is missing, unknown, or of another version", () => {
    const { outcome: _, ...rest } = JSON.parse(suiteJson(brokenSuite()));
    expect(complaints(JSON.stringify({ ...rest, surprise: 1, version: 2 }))).toEqual([
      " must have required property 'outcome'",
      " must NOT have additional properties",
      "/version must be equal to constant",
    ]);
  });

  test("knows every fault, and every line of an account", () => {
    expect(schema.$defs.fault.enum).toEqual(["none", ...FAULT_NAMES]);
    expect(Object.keys(schema.$defs.account.properties).sort()).toEqual([...ACCOUNT_LINES].sort());
  });

  test("is the one that a result names", () => {
    expect([schema.$id, SUITE_SCHEMA]).toEqual([
      SUITE_SCHEMA,
      `urn:ackproof:suite:${SUITE_VERSION}`,
    ]);
  });
});

test("nothing of a report is left out, and what runs a spec again is added", () => {
  const report = brokenSuite();
  const { $schema, version, outcome, ...document } = JSON.parse(suiteJson(report));
  expect([$schema, version, outcome]).toEqual([SUITE_SCHEMA, SUITE_VERSION, "broken"]);
  const again = "npm run guarantees -- -t";
  const [broken, held, doubtful, ...others] = report.specs;
  expect(document).toEqual({
    ...report,
    specs: [
      { ...broken, rerun: `${again} "A task is done" --queue classic` },
      held,
      { ...doubtful, rerun: `${again} "A transient task is gone" --queue classic` },
      ...others,
    ],
  });
});

test.each([
  ["held", [aSpec()], [aTest()]],
  ["held", [aSpec({ outcome: "not-applicable" })], [aTest({ outcome: "skipped" })]],
  ["broken", [aSpec({ outcome: "inconclusive" }), aSpec({ outcome: "broken" })], []],
  ["broken", [aSpec()], [aTest({ outcome: "failed" })]],
  ["broken", [aSpec({ failure: "a hook of it failed" })], []],
  ["inconclusive", [aSpec({ outcome: "inconclusive" })], [aTest()]],
  ["setup", [aSpec({ outcome: "broken" }), aSpec({ outcome: "setup" })], []],
] as const)("is %s by the worst that happened", (outcome, specs, tests) => {
  const report = aReport({ specs: [...specs], tests: [...tests] });
  expect(JSON.parse(suiteJson(report)).outcome).toBe(outcome);
});

test("its text does nothing to a terminal, holds no password, and has an end", () => {
  const json = suiteJson(hostileSuite());
  expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(json).not.toContain(SECRET);
  expect(json).toContain("more characters)");
  expect(json.length).toBeLessThan(100_000);
});

test("lines of a failure stay lines, and of too many the middle is left out", () => {
  const lines = Array.from({ length: 1_000 }, (_, at) => `line ${at}`);
  const specs = [aSpec({ outcome: "broken", failure: ["BROKEN", ...lines].join("\n") })];
  const { failure } = JSON.parse(suiteJson(aReport({ specs }))).specs[0];
  const told = failure.split("\n");
  expect(told).toHaveLength(400);
  expect(told.slice(0, 2)).toEqual(["BROKEN", "line 0"]);
  expect(told).toContain("… 602 more lines …");
  expect(told.at(-1)).toBe("line 999");
});
