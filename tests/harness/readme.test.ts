/** The README's workers start where a reader puts them: in a folder as `npm init -y` makes it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
const WORKERS = [...README.matchAll(/^```js\n(.*?)^```/gms)].map(([, code = ""]) => code);
const NAMES = new Set(README.match(/\bworker\.[cm]?[jt]s\b/g));

test("it calls its JavaScript worker by one name", () => {
  expect([...NAMES]).toHaveLength(1);
  expect(WORKERS).toHaveLength(2);
});

test.each(WORKERS)("under that name, Node takes worker %# for what it is", (code) => {
  const folder = mkdtempSync(join(tmpdir(), "ackproof-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }');
  const [name = ""] = NAMES;
  const file = join(folder, name);
  writeFileSync(file, code);
  execFileSync(process.execPath, ["--check", file], { stdio: "pipe" });
});
