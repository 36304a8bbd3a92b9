import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLine } from "../../harness/command-line.ts";

const HARNESS = join(import.meta.dirname, "../../harness");

describe("a command is said as it is typed", () => {
  test("in the repository", () => {
    expect(commandLine("setup")).toBe("npm run setup");
    expect(commandLine("setup", "--all")).toBe("npm run setup -- --all");
  });

  test("where the package is installed", () => {
    expect(commandLine("setup", "", true)).toBe("npx ackproof setup");
    expect(commandLine("setup", "--all", true)).toBe("npx ackproof setup --all");
  });
});

test("nothing that the package runs says a command of the repository", () => {
  const sources = globSync("**/*.ts", { cwd: HARNESS });
  const naming = sources.filter((file) =>
    /npm (run|test)\b/.test(readFileSync(join(HARNESS, file), "utf8")),
  );
  const ofSuite = ["across-brokers", "arguments", "prove", "test", "write-document"];
  expect(naming.sort()).toEqual([
    ...ofSuite.map((name) => `cli/${name}.ts`),
    "command-line.ts",
    "report/document.ts",
    "report/html/bundle.ts",
    "report/rerun.ts",
  ]);
});
