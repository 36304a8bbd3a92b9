import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ExitCode } from "../../../harness/cli/exit-code.ts";
import { requireVersions, writeDocument } from "../../../harness/cli/write-document.ts";
import { SetupError } from "../../../harness/errors.ts";
import type { SpecResult } from "../../../harness/report/result.ts";
import { emptyReport } from "../../../harness/report/run-report.ts";
import { aSpec, onVersion } from "../report/specs.ts";

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ackproof-document-"));
  file = join(home, "GUARANTEES.md");
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true });
});

function write(specs: SpecResult[], code: ExitCode = 0) {
  const lines: string[] = [];
  const outlook = { say: (line: string) => lines.push(line) };
  return { code: writeDocument(code, { ...emptyReport(), specs }, outlook, file), lines };
}

const ALL = ["3.10.8", "4.0.5", "4.3.6"].flatMap((version) => onVersion(version));

test("a run in which everything held is written", () => {
  expect(write(ALL)).toEqual({ code: 0, lines: ["tests/GUARANTEES.md is written."] });
  expect(readFileSync(file, "utf8")).toContain("#### A task is done\n");
});

test("a later run that finds the same changes nothing, and one that does not has its own date", () => {
  vi.setSystemTime("2026-01-01");
  write(ALL);
  const first = readFileSync(file, "utf8");
  vi.setSystemTime("2026-02-02");
  expect(write(ALL).lines).toEqual(["tests/GUARANTEES.md says this already."]);
  expect(readFileSync(file, "utf8")).toBe(first);
  write([...ALL, ...["3.10.8", "4.0.5", "4.3.6"].flatMap((v) => onVersion(v, { promise: "New" }))]);
  expect(readFileSync(file, "utf8")).toContain("on 2026-02-02");
});

test.each([
  ["a broken promise", [...ALL, aSpec({ promise: "B", outcome: "broken" })], 1, '"B" is broken'],
  ["a doubt", [...ALL, aSpec({ promise: "B", outcome: "inconclusive" })], 2, '"B" is inconclusive'],
  ["another failure", ALL, 1, "the run failed"],
  ["a place that was not run", ALL.slice(1), 0, "was not run on RabbitMQ 3.10.8"],
  ["nothing at all", [], 0, "nothing was run"],
] as const)("after %s nothing is written, and it says why", (_, specs, code, reason) => {
  const told = write([...specs], code);
  expect(told.lines).toEqual([expect.stringContaining(reason)]);
  expect(told.lines[0]).toMatch(/^tests\/GUARANTEES\.md is not written: /);
  expect(told.code).toBe(code === 0 ? 3 : code);
  expect(existsSync(file)).toBe(false);
});

test("a run that could not be of all versions does not begin", () => {
  const document = "| 3.10.8 | a |\n| 4.3.6 | b |\n";
  const prepared = [{ name: "rabbitmq:4.3", version: "4.3.7" }];
  expect(() => requireVersions(prepared, "")).toThrow("here is 4.3.7 alone");
  const other = { name: "y", version: "4.0.5" };
  const older = { name: "x", version: "3.10.8" };
  expect(() => requireVersions([...prepared, other], document)).toThrow(SetupError);
  expect(() => requireVersions([...prepared, other], document)).toThrow("of RabbitMQ 3.10, too");
  expect(() => requireVersions([...prepared, older], document)).not.toThrow();
});
