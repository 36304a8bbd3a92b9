/** A real run of the suite, in a step of a workflow, and what it writes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { parsed } from "../report/parsed-xml.ts";
import { complaints } from "../report/suite-valid.ts";

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");
const PROMISE = "With a prefetch of one, no worker is idle while a task waits";

const folder = mkdtempSync(join(tmpdir(), "ackproof-formats-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), "utf8");
const command = (...args: string[]) =>
  execa(process.execPath, [MAIN, ...args], {
    env: {
      ACKPROOF_DIR: folder,
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
    },
  });
const filesOf = (name: string) =>
  ["json", "junit", "markdown"].flatMap((format) => [
    `--${format}`,
    join(folder, `${name}.${format}`),
  ]);

test("a promise that held is told in every format, and once more by the saved run", async () => {
  await command(
    "guarantees",
    "fair-dispatch",
    "-t",
    PROMISE,
    "--queue",
    "classic",
    ...filesOf("a"),
  );
  expect(complaints(read("a.json"))).toEqual([]);
  expect(JSON.parse(read("a.json"))).toMatchObject({
    outcome: "held",
    passed: 1,
    specs: [{ promise: PROMISE, queueType: "classic", account: { completed: 20 } }],
    tests: [],
  });
  const [testcase] = parsed(read("a.junit")).filter(({ name }) => name === "testcase");
  expect(testcase?.attributes).toMatchObject({
    classname: "fair-dispatch",
    name: expect.stringMatching(`${PROMISE} · classic · RabbitMQ `),
    file: "tests/guarantees/fair-dispatch.spec.ts",
  });
  expect(read("a.markdown")).toContain(`| ${PROMISE} | ✓ 20 completed | – |`);
  expect(read("summary")).toBe(`${read("a.markdown")}\n`);

  const [run = "none"] = readdirSync(join(folder, "runs"));
  await command("report", join(folder, "runs", run), ...filesOf("b"));
  for (const format of ["json", "junit", "markdown"]) {
    expect(read(`b.${format}`), format).toBe(read(`a.${format}`));
  }
});
