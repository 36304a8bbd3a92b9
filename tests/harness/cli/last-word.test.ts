/** A run of the suite in every format, at its end and from what it has saved. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { conclude, partOfRun } from "../../../harness/cli/conclude.ts";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { report } from "../../../harness/cli/report.ts";
import { SetupError } from "../../../harness/errors.ts";
import { auditFormats } from "../../../harness/report/audit-formats.ts";
import type { AuditResult } from "../../../harness/report/audit-result.ts";
import type { OutputFiles } from "../../../harness/report/output-files.ts";
import { brokenAudit } from "../report/audit-results.ts";
import { loss, folder as runFolder, saveRun } from "../report/html/saved-run.ts";
import { parsed } from "../report/parsed-xml.ts";
import { page } from "../report/specs.ts";
import { brokenSuite, hostileSuite } from "../report/suite-results.ts";
import { complaints } from "../report/suite-valid.ts";

vi.setConfig({ testTimeout: 60_000 }); // A page is bundled, and the machine may be busy.

const FORMATS = ["json", "junit", "markdown"] as const;

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ackproof-last-word-"));
  vi.stubEnv("ACKPROOF_DIR", root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const filesIn = (name: string) =>
  Object.fromEntries(FORMATS.map((format) => [format, join(root, `${name}.${format}`)]));
const texts = (name: string) =>
  Object.values(filesIn(name)).map((file) => readFileSync(file, "utf8"));

function outlook() {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  return { said, paper: page(), say, interruption: new Interruption() };
}

function end(result: ReturnType<typeof brokenSuite>, files: OutputFiles) {
  const { said, ...all } = outlook();
  conclude({ report: result, failures: [] }, all, files);
  return said;
}

test.each([
  ["broken", brokenSuite],
  ["hostile", hostileSuite],
])("the saved run of a %s suite gives the same, byte for byte", async (_what, suite) => {
  end(suite(), filesIn("live"));
  const [run = "none"] = readdirSync(join(root, "runs"));
  const flags = Object.entries(filesIn("saved")).flatMap(([name, file]) => [`--${name}`, file]);
  await report([join(root, "runs", run), ...flags], outlook());
  const [json = "", junit = "", markdown = ""] = texts("saved");
  expect([json, junit, markdown]).toEqual(texts("live"));
  expect(complaints(json)).toEqual([]);
  expect(parsed(junit)[0]?.attributes.failures).not.toBe("0");
  expect(markdown).toMatch(/^## ✗ BROKEN: /);
});

test.each([
  ["of fixtures", brokenAudit],
  ["that was real", realAudit],
])("so does that of an audit %s", async (_what, audit) => {
  const formats = auditFormats(audit());
  writeFileSync(join(root, "audit.json"), formats.json());
  const flags = Object.entries(filesIn("saved")).flatMap(([name, file]) => [`--${name}`, file]);
  await report([root, ...flags], outlook());
  expect(texts("saved")).toEqual([formats.json(), formats.junit(), formats.markdown()]);
});

function realAudit(): AuditResult {
  const file = new URL("../report/audit-saved.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

test.each<[string, () => string, RegExp]>([
  [
    "one experiment",
    () => saveRun(runFolder(), { events: loss().events }),
    /are of a whole suite or audit/,
  ],
  ["an audit that was broken off", () => withAudit("{}"), /has no whole result/],
  ["no JSON", () => withAudit("{"), /audit.json is not JSON/],
  ["nothing", () => join(root, "nowhere"), /There is no run at/],
])("of %s there are none, and that is said", async (_what, run, words) => {
  const asked = report([run(), "--json", join(root, "x.json")], outlook());
  await expect(asked).rejects.toThrow(SetupError);
  await expect(asked).rejects.toThrow(words);
});

function withAudit(text: string): string {
  writeFileSync(join(root, "audit.json"), text);
  return root;
}

test("they are no page: what is of a page is refused", async () => {
  const asked = report([root, "--json", "x.json", "--out", "x.html"], outlook());
  await expect(asked).rejects.toThrow(/Usage/);
});

test("in a workflow, the job is told of it", () => {
  const summary = join(root, "summary");
  vi.stubEnv("GITHUB_ACTIONS", "true");
  vi.stubEnv("GITHUB_STEP_SUMMARY", summary);
  const said = end(brokenSuite(), {});
  expect(said.filter((line) => line.startsWith("::")).map((line) => line.slice(0, 9))).toEqual([
    "::error f",
    "::error f",
    "::error t",
    "::warning",
  ]);
  expect(readFileSync(summary, "utf8")).toMatch(/^## ✗ BROKEN: Of 4 experiments/);
});

test("a part of a run across brokers leaves all that to the whole", () => {
  const summary = join(root, "summary");
  vi.stubEnv("GITHUB_ACTIONS", "true");
  vi.stubEnv("GITHUB_STEP_SUMMARY", summary);
  for (const [name, value] of Object.entries(partOfRun(join(root, "part.json")))) {
    vi.stubEnv(name, value);
  }
  expect(end(brokenSuite(), {})).toEqual([]);
  expect(readdirSync(root)).toEqual(["part.json"]);
});

test("a result that can't be written is said, after all else", () => {
  const { said, ...all } = outlook();
  const files = { junit: join(root, "nowhere/x.xml") };
  expect(() => conclude({ report: brokenSuite(), failures: [] }, all, files)).toThrow(
    /The result can't be written to .*nowhere/,
  );
  expect(said.join("\n")).toMatch(/2 passed, 4 failed/);
});
