import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownedBy, ownerOf } from "../../harness/broker/archive.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ackproof-archive-"));
  mkdirSync(join(folder, "data/deep"), { recursive: true });
  writeFileSync(join(folder, "data/empty"), "");
  writeFileSync(join(folder, "data/block"), "b".repeat(512));
  // A name that is too long for a header has one of its own before it.
  writeFileSync(join(folder, "data/deep", "n".repeat(200)), "c".repeat(1_300));
});

afterAll(() => rmSync(folder, { recursive: true }));

const packed = (format: string): Buffer =>
  execFileSync("tar", [
    `--format=${format}`,
    "--owner=a:101",
    "--group=b:103",
    "-C",
    folder,
    "-c",
    "data",
  ]);

/** What an archive holds, as tar tells: mode, owner, size and name of each. */
function listed(archive: Buffer): string[][] {
  const told = execFileSync("tar", ["--numeric-owner", "-tv"], { input: archive }).toString();
  const lines = told.trim().split("\n");
  return lines.map((line) => line.split(/\s+/).filter((_, index) => ![3, 4].includes(index)));
}

test.each(["gnu", "pax"])("an archive (%s) changes hands, and nothing else about it", (format) => {
  const before = packed(format);
  const after = ownedBy({ user: 999, group: 2_000_000 }, before);
  expect(listed(before).map(([, owner]) => owner)).toEqual(Array(5).fill("101/103"));
  expect(listed(after)).toEqual(
    listed(before).map(([mode, , ...rest]) => [mode, "999/2000000", ...rest]),
  );
  expect(contentsOf(after)).toEqual(contentsOf(before));
  expect([ownerOf(before), ownerOf(after)]).toEqual([
    { user: 101, group: 103 },
    { user: 999, group: 2_000_000 },
  ]);
});

test("an archive that keeps its owner stays as it is", () => {
  const archive = packed("gnu");
  expect(ownedBy(ownerOf(archive), archive)).toEqual(archive);
});

function contentsOf(archive: Buffer): string {
  return execFileSync("tar", ["-xO"], { input: archive }).toString();
}
