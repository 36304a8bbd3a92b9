/** What `ackproof init` writes works as it is, wherever it is written. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { guessCommand } from "../../../harness/audit/config/guess-command.ts";
import { KEYS } from "../../../harness/audit/config/settings.ts";
import { init } from "../../../harness/cli/init.ts";
import { SetupError } from "../../../harness/errors.ts";
import { auditIn, Folder } from "./config-in-node.ts";

const FILE = "ackproof.config.ts";

async function initIn(folder: Folder, ...args: string[]) {
  const said: string[] = [];
  const code = await init(args, { say: (line) => said.push(line) }, folder.path);
  return { code, said };
}

describe("a config that init writes", () => {
  test("is audited with, where ackproof is not installed", async () => {
    using folder = new Folder({ "package.json": '{ "type": "commonjs" }', "worker.js": "" });
    expect(await initIn(folder)).toEqual({
      code: 0,
      said: [
        "ackproof.config.ts is written.",
        "The worker's command is `node worker.js`, guessed from worker.js.",
        "Next: `npm run audit`.",
      ],
    });
    const { options, sources, stderr } = await auditIn(folder);
    expect(options.command).toEqual(["node", "worker.js"]);
    expect(sources.command).toEqual({ from: "config", place: FILE });
    expect(Object.keys(sources).filter((key) => sources[key].from !== "default")).toEqual([
      "command",
    ]);
    expect(stderr).toBe("");
  });

  test("asks for the command where there was nothing to guess it from", async () => {
    using folder = new Folder();
    expect((await initIn(folder)).said).toEqual([
      "ackproof.config.ts is written.",
      "Next: put the worker's command into it, then run `npm run audit`.",
    ]);
    expect((await auditIn(folder)).refused).toBe(
      "Give the command of the worker: `npm run audit -- -- <command>`, or as `command` in " +
        "ackproof.config.ts.",
    );
    expect((await auditIn(folder, ["--", "./worker"])).options.command).toEqual(["./worker"]);
  });

  test("shows every setting, and each line works when it is no comment any more", async () => {
    using folder = new Folder({ "worker.py": "", "definitions.json": "{}" });
    await initIn(folder);
    const text = readFileSync(join(folder.path, FILE), "utf8");
    folder.write(FILE, text.replaceAll(/^ {2}\/\/ (?=\w+: )/gm, "  "));
    const { sources, options } = await auditIn(folder);
    expect(Object.keys(sources).filter((key) => sources[key].from !== "config")).toEqual([]);
    expect(Object.keys(sources)).toEqual(KEYS);
    expect(options).toMatchObject({
      drain: 10_000,
      ready: 20_000,
      broker: "4.0",
      exchange: "jobs",
    });
  });
});

describe("init", () => {
  test("writes over nothing, unless it is forced to", async () => {
    using folder = new Folder({ [FILE]: "mine" });
    await expect(initIn(folder)).rejects.toThrow(
      new SetupError("There is ackproof.config.ts already: --force writes over it."),
    );
    expect(readFileSync(join(folder.path, FILE), "utf8")).toBe("mine");
    expect((await initIn(folder, "--force")).code).toBe(0);
    expect(readFileSync(join(folder.path, FILE), "utf8")).toContain("export default {");
  });

  test("makes no second config", async () => {
    using folder = new Folder({ "ackproof.config.json": "{}" });
    await expect(initIn(folder, "--force")).rejects.toThrow(
      new SetupError(
        "There is ackproof.config.json already, and only one config is read: remove it first.",
      ),
    );
  });

  test("says what can't be written to, and what it doesn't know", async () => {
    using folder = new Folder();
    const gone = init([], { say: () => {} }, join(folder.path, "gone"));
    await expect(gone).rejects.toThrow(/^Can't write ackproof\.config\.ts: ENOENT/);
    await expect(initIn(folder, "--forse")).rejects.toThrow(
      /'--forse'.*\n`npm run init -- --help`/,
    );
    expect((await initIn(folder, "--help")).said[0]).toMatch(/^Usage: npm run init -- \[--force\]/);
  });
});

describe("a command is guessed from", () => {
  const scripts = (all: Record<string, string>, more = {}) =>
    JSON.stringify({ scripts: all, ...more });

  test.each([
    [{}, undefined],
    [{ "worker.mjs": "" }, ["node", "worker.mjs"]],
    [{ "src/worker.ts": "" }, ["node", "src/worker.ts"]],
    [{ "app/worker.py": "" }, ["python3", "app/worker.py"]],
    [{ "worker.rb": "" }, ["ruby", "worker.rb"]],
    [{ "worker.php": "" }, ["php", "worker.php"]],
    [{ "package.json": "no JSON", "worker.js": "" }, ["node", "worker.js"]],
    [
      { "package.json": scripts({ start: "node  src/run.js --port=1" }) },
      ["node", "src/run.js", "--port=1"],
    ],
    [
      {
        "package.json": scripts({ start: "node web.js", worker: "node jobs.js" }),
        "worker.js": "",
      },
      ["node", "jobs.js"],
    ],
    [{ "package.json": scripts({ start: "node web.js" }), "worker.js": "" }, ["node", "worker.js"]],
    [
      { "package.json": scripts({ worker: "tsx jobs.ts" }), "node_modules/.bin/tsx": "" },
      ["node_modules/.bin/tsx", "jobs.ts"],
    ],
    // A shell would be needed, or something stands between.
    [{ "package.json": scripts({ start: "tsc && node jobs.js" }) }, undefined],
    [{ "package.json": scripts({ start: "A=1 node jobs.js" }) }, undefined],
    [{ "package.json": scripts({ start: "npm run jobs" }) }, undefined],
    [{ "package.json": scripts({}, { main: "main.js" }), "main.js": "" }, ["node", "main.js"]],
    [{ "package.json": scripts({}, { main: "gone.js" }) }, undefined],
  ])("%j", (files, command) => {
    using folder = new Folder(files as Record<string, string>);
    expect(guessCommand(folder.path)?.command).toEqual(command);
  });
});
