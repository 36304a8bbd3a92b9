import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What the release's script says of a tag. */
function notesOf(tag: string) {
  const env = { PATH: process.env.PATH, GITHUB_REF_NAME: tag };
  return spawnSync(join(ROOT, ".github/release-notes"), { encoding: "utf8", env });
}

test("the changelog tells of the version that the package has", () => {
  const { status, stdout } = notesOf(`v${version}`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\s*- \S/);
  expect(stdout).not.toContain("##");
});

test("a tag that is not the package's version is refused", () => {
  const { status, stdout, stderr } = notesOf("v99.0.0");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(
    `The tag is v99.0.0, and package.json has the version ${version}: make them one.\n`,
  );
});
