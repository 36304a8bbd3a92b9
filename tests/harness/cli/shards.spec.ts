/** A small suite in one piece, and the same as two machines would run it; merged, it is the same. */
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { readRun } from "../../../harness/report/html/read/run.ts";

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");
const SUITE = ["guarantees", "bytes-limit", "fair-dispatch", "--queue", "quorum"];
const folder = mkdtempSync(join(tmpdir(), "ackproof-shards-"));

afterAll(() => rmSync(folder, { recursive: true }));

function command(machine: string, ...args: string[]) {
  const env = { ACKPROOF_DIR: join(folder, machine) };
  return execa(process.execPath, [MAIN, ...args], { env, reject: false });
}

/** The run that a machine has kept. */
function runOf(machine: string): string {
  const [results = ""] = globSync(join(folder, machine, "runs/*/results.json"));
  return dirname(results);
}

test("two shards of a suite make up its whole account", async () => {
  const whole = await command("alone", ...SUITE);
  const first = await command("one", ...SUITE, "--shard", "1/2");
  const second = await command("two", ...SUITE, "--shard", "2/2");
  expect([whole, first, second].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(first.stdout).toMatch(/^shard 1 of 2: \d passed, 0 failed$/m);

  const to = join(folder, "merged");
  const merge = ["report", "--merge", join(folder, "one"), join(folder, "two"), "--out", to];
  const { exitCode, stdout } = await command("three", ...merge);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("HELD: All 2 runs held.")]);
  const [expected, merged] = [readRun(runOf("alone")), readRun(to)];
  expect(expected.account.published).toBeGreaterThan(0);
  expect(merged.account).toEqual(expected.account);
  expect(merged.table?.rows.map(({ title }) => title)).toEqual(
    expected.table?.rows.map(({ title }) => title),
  );
}, 300_000);

test("a shard to which nothing falls says so, and boots no broker", async () => {
  const few = ["guarantees", "bytes-limit", "--shard", "2/2"];
  const { exitCode, stdout } = await command("idle", ...few);
  expect([exitCode, stdout]).toEqual([0, expect.not.stringContaining("booting")]);
  expect(stdout).toContain("2 of 2: 0 of 1 files");
  expect(readRun(runOf("idle")).sentence).toBe("Nothing fell to this shard.");
});
