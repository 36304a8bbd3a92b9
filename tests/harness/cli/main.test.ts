/** The commands as a user meets them, as far as they come without a container engine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import manifest from "../../../package.json" with { type: "json" };

vi.setConfig({ testTimeout: 60_000 }); // Every test starts programs, and the machine may be busy.

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");

const COMMANDS =
  "The commands are audit, init, setup, judge, report, soak, explore, guarantees, disasters, test, test:tools.";

/** Makes Node say what it loads. */
const LISTING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const load = (url, context, next) => {
    console.error(url);
    return next(url, context);
  };
  registerHooks({ load });
`)}`;

async function command(args: string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, ...args], {
    env: { RABBITMQ_IMAGE: "", ...env },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

describe("one clear line, and exit code 3", () => {
  test("where there is no engine", async () => {
    const home = mkdtempSync(join(tmpdir(), "ackproof-home-")); // With no settings of anybody's.
    const env = { DOCKER_HOST: "unix:///nowhere.sock", HOME: home };
    const refusal = {
      exitCode: 3,
      stdout: "",
      stderr:
        "guarantees: No container engine answers at unix:///nowhere.sock (ENOENT). Run `npm run setup`.",
    };
    expect(await command(["guarantees"], env)).toEqual(refusal);
    expect(await command(["guarantees", "--all-brokers"], env)).toEqual(refusal);
    rmSync(home, { recursive: true });
  });

  test.each([
    [[], `ackproof: ${COMMANDS}`],
    [["frobnicate"], `frobnicate: ${COMMANDS}`],
    [["adit"], `adit: There is no such command: did you mean audit? ${COMMANDS}`],
    [["toString"], `toString: ${COMMANDS}`],
    [["--frobnicate"], `--frobnicate: ${COMMANDS}`],
    [["setup", "--everything"], "setup: Unknown argument: --everything"],
    [["guarantees", "--queue", "x"], 'guarantees: --queue is classic or quorum, not "x".'],
    [["disasters", "--write"], "disasters: Unknown option '--write'"],
    [["disasters", "confirms"], 'disasters: There is no family "confirms".'],
    [["guarantees", "luck"], 'guarantees: There is no family "luck".'],
    [
      ["guarantees", "confirms", "--queue", "quorum", "-t", "all is well"],
      'guarantees: No promise of confirms, quorum queues contains "all is well".',
    ],
    [["judge", "/nowhere"], "judge: This is no run directory"],
  ])("for %j", async (args, line) => {
    const { exitCode, stdout, stderr } = await command(args);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr.startsWith(line)).toBe(true);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test.each(["guarantees", "test", "test:tools", "judge", "setup"])(
  "`%s --help` says how it is used",
  async (name) => {
    const { exitCode, stdout, stderr } = await command([name, "--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout.startsWith("Usage: npm ")).toBe(true);
  },
);

test("`--help` lists every command with what it does", async () => {
  const { exitCode, stdout, stderr } = await command(["--help"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Usage: npm run <command> -- \[options\]$/m);
  expect(stdout).toMatch(/^ {2}judge {7}judges a saved run again$/m);
  expect((await command(["-h"])).stdout).toBe(stdout);
});

test("every command that it lists is there as npm knows it", async () => {
  const { stdout } = await command(["--help"]);
  const names = [...stdout.matchAll(/^ {2}([\w:]+) {2,}/gm)].map(([, name]) => name);
  expect(names).toContain("judge");
  expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(names));
});

test("`--version` says which this is", async () => {
  expect(await command(["--version"])).toEqual({
    exitCode: 0,
    stdout: manifest.version,
    stderr: "",
  });
});

test("judging, which needs no broker, loads neither vitest nor an engine's client", async () => {
  const loaded = ["--import", LISTING, MAIN, "judge", "--help"];
  const { stderr } = await execa(process.execPath, loaded);
  expect(stderr).toContain("harness/cli/judge.ts");
  expect(stderr).not.toContain("node_modules");
});
