/** What is said about settings: the help, effective values, the command to run again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import {
  effectiveValues,
  settingsWithoutSecrets,
} from "../../../harness/audit/config/effective-values.ts";
import { rerunCommand, rerunTrial } from "../../../harness/audit/config/rerun-command.ts";
import type { Resolved } from "../../../harness/audit/config/resolve.ts";
import { flagOf, type Key } from "../../../harness/audit/config/setting.ts";
import { KEYS, settingOf, shown } from "../../../harness/audit/config/settings.ts";
import { hasPassword, withoutPassword } from "../../../harness/audit/config/without-password.ts";
import { planOf, TRIALS } from "../../../harness/audit/plan.ts";
import { parseAudit } from "../../../harness/cli/audit-arguments.ts";
import { Folder } from "./config-in-node.ts";

async function parsed(
  args: string[],
  environment: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<Resolved> {
  using folder = new Folder(files);
  const result = await parseAudit(args, { cwd: folder.path, environment });
  if ("help" in result) throw new Error("this is the help");
  return result.resolved;
}

describe("the help", () => {
  async function helpLines(): Promise<string[]> {
    const result = await parseAudit(["--tsks", "--help"], { cwd: "/", environment: {} });
    return ("help" in result ? result.help : "").split("\n");
  }

  test("has each setting on a line of its own, with its default", async () => {
    const lines = await helpLines();
    for (const key of KEYS.filter((key) => settingOf(key).flag !== false)) {
      const { argument, help, fallback } = settingOf(key);
      const flag = argument === undefined ? flagOf(key) : `${flagOf(key)} ${argument}`;
      const own = lines.filter((line) => line.startsWith(`  ${flag}  `));
      expect(own, flag).toHaveLength(1);
      expect(own[0]).toContain(help);
      if (Array.isArray(fallback) || ["env", "quick", "json", "junit", "markdown"].includes(key))
        continue;
      const value = shown(key, fallback);
      if (value !== "none") expect(own[0]).toContain(`(${value})`);
    }
  });

  test("fits on a page, and tells examples and exit codes", async () => {
    const lines = await helpLines();
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.filter((line) => line.startsWith("  npm run audit -- "))).toHaveLength(3);
    expect(lines.join("\n")).toContain("Exit code: 0 the worker holds, 1 it is broken, 2 ");
  });
});

test("the types say the defaults that there are", () => {
  const file = join(import.meta.dirname, "../../../harness/audit/config/audit-config.ts");
  const fields = readFileSync(file, "utf8").matchAll(
    /@default (.+?)(?: \*\/)?\n(?: +\*\/\n)? +(\w+)\?:/g,
  );
  const told = [...fields].map(([, literal = "", key = ""]) => {
    const value = literal.startsWith("'") ? literal.slice(1, -1) : JSON.parse(literal);
    return [key, v.parse(settingOf(key as Key).schema, value)];
  });
  const defaults = KEYS.map((key) => [key, settingOf(key).fallback] as const);
  const isEmpty = (value: unknown) =>
    ["undefined", "[]", "{}"].includes(String(JSON.stringify(value)));
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(defaults.filter(([, value]) => !isEmpty(value))),
  );
});

describe("effective values", () => {
  const ARGS = ["--env", "KEY=secret", "--drain", "1500", "--quick", "--", "node", "my worker.js"];

  test("are told with where they are from, and without secrets", async () => {
    const environment = { ACKPROOF_BROKER: "amqp://me:secret@host" };
    const files = { "ackproof.config.json": '{ "effects": { "probe": "psql pg://a:secret@h" } }' };
    expect(effectiveValues(await parsed(ARGS, environment, files))).toEqual([
      "command  node 'my worker.js'      (from the command line)",
      "effects  probe:psql pg://a:***@h  (from ackproof.config.json)",
      "env      KEY                      (from --env)",
      "broker   amqp://me:***@host       (from ACKPROOF_BROKER)",
      "drain    1500ms                   (from --drain)",
      "quick    true                     (from --quick)",
    ]);
  });

  test("are all told where all are asked for", async () => {
    const lines = effectiveValues(await parsed(ARGS), true);
    expect(lines.map((line) => line.split(" ")[0])).toEqual(KEYS);
    expect(lines).toContain("seed         1                     (default)");
    expect(lines).toContain("exchange     the default exchange  (default)");
  });

  test("can be written down", async () => {
    const args = ["--broker", "amqp://me:secret@host", "--setup", "go amqp://a:secret@h", ...ARGS];
    const { options } = await parsed(args);
    const settings = settingsWithoutSecrets(options);
    expect(settings).toEqual({
      ...options,
      broker: "amqp://me:***@host",
      setup: "go amqp://a:***@h",
      env: { KEY: "***" },
    });
    expect(JSON.stringify(settings)).not.toContain("secret");
  });
});

describe("the command to run it again", () => {
  const again = (resolved: Resolved) => rerunCommand(resolved, true);

  /** What a real shell makes of it. */
  async function wordsOf(line: string, environment: Record<string, string>): Promise<string[]> {
    const print = `for word in "$@"; do printf '%s\\0' "$word"; done`;
    const script = `set -- ${line}; ${print}`;
    const options = { env: environment, extendEnv: false, stripFinalNewline: false };
    const { stdout } = await execa("/bin/sh", ["-c", script], options);
    return stdout.split("\0").slice(0, -1);
  }

  test("names what was said, the seed, and the command", async () => {
    const args = [
      "--tasks",
      "5",
      "--no-quick",
      "--allow",
      "at risk",
      "--",
      "node",
      "it's",
      "$HOME",
    ];
    expect(again(await parsed(args, { ACKPROOF_WORKERS: "3", ACKPROOF_QUICK: "1" }))).toBe(
      "npx ackproof audit --tasks 5 --seed 1 --workers 3 --no-quick --allow 'at risk' -- " +
        "node 'it'\\''s' '$HOME'",
    );
  });

  test("leaves secrets to variables", async () => {
    const args = ["--broker", "amqp://me:secret@host", "--env", "API_KEY=secret", "--env", "A=1"];
    const probe = ["--effects", "probe:psql pg://a:secret@h", "--", "w", "amqp://me:secret@h"];
    expect(again(await parsed([...args, ...probe]))).toBe(
      'npx ackproof audit --effects "$ACKPROOF_EFFECTS" --env API_KEY --env A=1 --broker ' +
        `"$ACKPROOF_BROKER" --seed 1 -- w 'amqp://me:***@h'`,
    );
  });

  test("is the repository's own, in the repository", async () => {
    expect(rerunCommand(await parsed(["--", "w"]), false)).toBe("npm run audit -- --seed 1 -- w");
  });

  test("reads a config again, by its name where it has another", async () => {
    const content = '{ "command": "./worker", "tasks": 5, "seed": 9 }';
    const found = await parsed([], {}, { "ackproof.config.json": content });
    expect(again(found)).toBe("npx ackproof audit --seed 9");
    const named = await parsed(["--config", "my audit.json"], {}, { "my audit.json": content });
    expect(again(named)).toBe("npx ackproof audit --config 'my audit.json' --seed 9");
  });

  test("of one trial comes to the same settings with that trial alone, through a real shell", async () => {
    const environment = { ACKPROOF_BROKER: "amqp://me:secret@host", ACKPROOF_ONLY: "reset" };
    const content = '{ "command": "node worker.js", "tasks": 5, "only": "SIGSTOP", "quick": true }';
    const files = { "ackproof.config.json": content };
    const flags = ["--only", "SIGKILL", "--seed", "7", "--drain", "1s", "--json", "a.json"];
    for (const { name } of TRIALS.filter(({ quick }) => quick)) {
      const first = await parsed(flags, environment, files);
      const line = rerunTrial(first, name, true);
      expect(line.match(/--only/g)).toHaveLength(1);
      const words = await wordsOf(line, environment);
      expect(words.slice(0, 3)).toEqual(["npx", "ackproof", "audit"]);
      const { options } = await parsed(words.slice(3), environment, files);
      expect(options).toEqual({ ...first.options, only: name, json: undefined });
      expect(planOf(options).map((trial) => trial.name)).toEqual([name]);
    }
  });

  test("comes to the same settings, through a real shell", async () => {
    const environment = {
      ACKPROOF_BROKER: "amqp://me:secret@host",
      ACKPROOF_PAYLOAD: "two\nlines of '{{id}}' \\ $HOME `x`",
      ACKPROOF_COMMAND: "node worker.js",
      API_TOKEN: "t",
    };
    const flags =
      '--only|SIGKILL, it\'s "mid-task"|--queue|~a b*|--env|API_TOKEN|--env|B=x y=z|--drain|1.5s|' +
      "--effects|probe:cat <log ¦ wc -l|--routing-key|=k|--exchange|é!#|--seed|7|--quick";
    const first = await parsed(flags.split("|"), environment);
    const line = again(first);
    expect(line).not.toContain("\n");
    const words = await wordsOf(line, environment);
    expect(words.slice(0, 3)).toEqual(["npx", "ackproof", "audit"]);
    const { options } = await parsed(words.slice(3), { API_TOKEN: "t" });
    expect(options).toEqual(first.options);
  });
});

describe("a password", () => {
  test.each([
    ["amqp://me:secret@host:5672/vhost", "amqp://me:***@host:5672/vhost"],
    ["amqp://:secret@host", "amqp://:***@host"],
    ["amqp://me:se@cr/et@host/v", "amqp://me:***@host/v"],
    ["amqp://me:se cret@host", "amqp://me:***@host"],
    ["AMQP://me:secret@host", "AMQP://me:***@host"],
    ["psql pg://a:b@h and http://c:d@i/x", "psql pg://a:***@h and http://c:***@i/x"],
  ])("is covered: %s", (text, covered) => {
    expect([withoutPassword(text), hasPassword(text)]).toEqual([covered, true]);
  });

  test.each(["amqp://host:5672/vhost", "amqp://me@host", "4.0", "rabbitmq:4.0@sha256:abc"])(
    "is not in %s",
    (text) => {
      expect([withoutPassword(text), hasPassword(text)]).toEqual([text, false]);
    },
  );
});
