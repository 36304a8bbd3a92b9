import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { endWithWholeLine } from "../../../harness/soak/run-file.ts";

test.each([
  ["whole\nlines\n", "whole\nlines\n"],
  ["whole\nand a piece", "whole\n"],
  ["a piece", ""],
  ["", ""],
  [`${"x".repeat(2_000_000)}\n${"y".repeat(1000)}`, `${"x".repeat(2_000_000)}\n`],
])("%#: what is kept of a file ends with a whole line", (content, kept) => {
  const folder = mkdtempSync(join(tmpdir(), "ackproof-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "history.ndjson");
  writeFileSync(path, content);
  endWithWholeLine(path);
  expect(readFileSync(path, "utf8") === kept).toBe(true);
});
