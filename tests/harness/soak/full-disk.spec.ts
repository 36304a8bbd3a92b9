/** A disk that fills in the middle of a soak: told, and what was gathered is kept and judged. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { defaultImage } from "../../../harness/broker/image.ts";

const CLI = join(import.meta.dirname, "../../../harness/cli/main.ts");

/** In a namespace of its own, where a user may mount a small disk. */
const ALONE = ["--user", "--map-root-user", "--mount"];
const canMount = spawnSync("unshare", [...ALONE, "mount", "-t", "tmpfs", "none", tmpdir()]);

/** Megabytes: enough for some thousand tasks. */
const ROOM = 3;

/** The disk goes with its namespace, so the run is judged in there as well. */
const SCRIPT = `
mount -t tmpfs -o size=${ROOM}m none "$ACKPROOF_DIR"
"$NODE" "$CLI" soak --messages 50000 --worker-kills 0 --broker-kills 0 --broker "$IMAGE"
echo "soak: $?"
"$NODE" "$CLI" judge "$ACKPROOF_DIR"/runs/*
echo "judge: $?"`;

test.skipIf(canMount.status !== 0)("a disk that fills in the middle of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ackproof-full-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const IMAGE = await defaultImage();
  const env = { ACKPROOF_DIR: folder, NODE: process.execPath, CLI, IMAGE };
  const { stdout, stderr } = await execa("unshare", [...ALONE, "sh", "-c", SCRIPT], { env });
  expect(stderr).toMatch(/^soak: Cannot write the history to .*: ENOSPC: no space left on device/);
  expect(stderr).toContain("Make room there, or keep runs elsewhere: ACKPROOF_DIR=<folder>");
  expect(stdout).toContain(`What was gathered is kept: npm run judge -- ${folder}/runs/soak-`);
  expect(stdout).toContain("soak: 3\n");
  expect(stdout).toMatch(/\d+ published = \d+ confirmed/);
  expect(stdout).toContain("INCONCLUSIVE\n");
  expect(stdout).toMatch(/judge: 2$/);
});
