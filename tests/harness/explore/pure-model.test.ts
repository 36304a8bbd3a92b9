/**
 * A kept run is judged again where nothing runs: the model knows no fault, no client and no rig.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const HARNESS = join(import.meta.dirname, "../../../harness");

const PURE = ["explore/model/", "explore/plan/command.ts", "history/event.ts", "ledger/"];

test("the model imports nothing that runs", () => {
  const files = globSync("explore/model/*.ts", { cwd: HARNESS });
  const imports = files.flatMap((file) => {
    const text = readFileSync(join(HARNESS, file), "utf8");
    const found = text.matchAll(/from "([^"]+)"/g);
    return [...found].map(([, target = ""]) =>
      target.startsWith(".")
        ? relative(HARNESS, join(HARNESS, dirname(file), target))
        : `package ${target}`,
    );
  });
  expect(imports.length).toBeGreaterThan(10);
  expect(imports.filter((target) => !PURE.some((pure) => target.startsWith(pure)))).toEqual([]);
});
