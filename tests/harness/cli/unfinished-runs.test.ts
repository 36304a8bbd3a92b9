import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unfinishedRuns } from "../../../harness/cli/unfinished-runs.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ackproof-runs-"));
  vi.stubEnv("ACKPROOF_DIR", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function run(id: string, title: string, startedAt: number): string {
  const path = join(home, "runs", id);
  mkdirSync(path, { recursive: true });
  const manifest = { title, startedAt: new Date(startedAt).toISOString() };
  writeFileSync(join(path, "manifest.json"), JSON.stringify(manifest));
  return path;
}

test("are those of the specs under way, since this process began", () => {
  const mine = run("c", "A", NOON + 1);
  run("a", "A", NOON - 1);
  run("b", "B", NOON + 1);
  mkdirSync(join(home, "runs", "without-manifest"));
  expect(unfinishedRuns(["A"], NOON)).toEqual([mine]);
});

test("are none where nothing was ever kept", () => {
  expect(unfinishedRuns(["A"], NOON)).toEqual([]);
});
