/** A run of the suite is kept, as data and as a page. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { keepSuite } from "../../../harness/cli/suite-report.ts";
import { readRun } from "../../../harness/report/html/read/run.ts";
import { emptyReport } from "../../../harness/report/run-report.ts";
import { folder, loss, saveRun } from "../report/html/saved-run.ts";
import { aShare, aSpec } from "../report/specs.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

afterEach(() => {
  vi.unstubAllEnvs();
});

function keptIn(root: string, ...specs: NonNullable<Parameters<typeof aSpec>[0]>[]) {
  vi.stubEnv("ACKPROOF_DIR", root);
  return keepSuite({ ...emptyReport(), specs: specs.map((spec) => aSpec(spec)) });
}

function pathIn([line = ""]: string[]): string {
  return resolve(/^Report: (.*)$/.exec(line)?.[1] ?? "");
}

test("its page lies among the runs, and leads to the history of what broke, wherever they are moved", () => {
  const root = folder();
  const run = saveRun(join(root, "runs", "broken"), { events: loss().events });
  const page = pathIn(keptIn(root, { outcome: "broken", run }));
  expect(readFileSync(page, "utf8")).toContain("lost-1");
  const elsewhere = join(folder(), "moved");
  renameSync(root, elsewhere);
  const moved = readRun(join(elsewhere, page.slice(root.length), ".."));
  expect(moved).toMatchObject({ missing: [], experiments: [{ outcome: "broken" }] });
  renameSync(elsewhere, root);
});

test("nothing is kept where no experiment was run", () => {
  const root = folder();
  expect(keptIn(root)).toEqual([]);
  expect(existsSync(join(root, "runs"))).toBe(false);
});

test("a shard is kept though nothing fell to it, with the machine that it ran on", () => {
  const root = folder();
  vi.stubEnv("ACKPROOF_DIR", root);
  const path = join(pathIn(keepSuite({ ...emptyReport(), shard: aShare() })), "..");
  const kept = (name: string) => JSON.parse(readFileSync(join(path, name), "utf8"));
  expect(kept("results.json")).toMatchObject({ specs: [], shard: { index: 2, count: 2 } });
  expect(kept("origin.json")).toMatchObject({ host: hostname(), node: process.version });
});

test("what can't be kept is said, and costs the run nothing", () => {
  const root = join(folder(), "file");
  writeFileSync(root, "");
  expect(keptIn(root, {})).toEqual([expect.stringMatching(/^The results are not kept: .*file/)]);
  rmSync(root);
});
