import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

const ACTION = join(import.meta.dirname, "../../.github/actions/audit");

interface Step {
  id?: string;
  if?: string;
  uses?: string;
  shell?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { description?: string; default?: string; required?: boolean }>;
  outputs: Record<string, { description?: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

const action: Action = parse(readFileSync(join(ACTION, "action.yml"), "utf8"));
const { steps } = action.runs;
const step = steps.find(({ id }) => id === "audit");

describe("the action", () => {
  test("documents every input and output", () => {
    const all = [...Object.entries(action.inputs), ...Object.entries(action.outputs)];
    expect(all.length).toBeGreaterThan(10);
    const bare = all.filter(([, { description = "" }]) => description.trim().length < 10);
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  test("has a default for every input: none is needed where a config says it all", () => {
    const without = Object.entries(action.inputs).filter(
      ([, input]) => input.default === undefined,
    );
    expect(without.map(([name]) => name)).toEqual([]);
  });

  test("puts no expression into a script", () => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts).toEqual(['bash "$GITHUB_ACTION_PATH/audit.sh"']);
    expect(scripts.join("\n")).not.toContain("${{");
    expect(readFileSync(join(ACTION, "audit.sh"), "utf8")).not.toContain("${{");
  });

  test("uses every input, and no other", () => {
    const used = JSON.stringify(action.runs).matchAll(/inputs\.([\w-]+)/g);
    const names = new Set([...used].map(([, name]) => name));
    expect([...names].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  test("keeps the run, whatever the verdict, by a pinned major version", () => {
    const upload = steps.at(-1);
    expect(upload?.uses).toBe("actions/upload-artifact@v4");
    expect(upload?.if).toBe("always() && steps.audit.outputs.artifact != ''");
  });
});

/** A program that tells what it was called with, and does what an audit does. */
const FAKE = `#!/usr/bin/env bash
if [[ $1 == -e ]]; then exit "\${FAKE_NODE:-0}"; fi
printf '%s' "$(basename "$0")" >>"$CALLS"
for word in "$@"; do printf ' [%s]' "$word" >>"$CALLS"; done
echo " broker=$ACKPROOF_BROKER image=\${RABBITMQ_IMAGE:-}" >>"$CALLS"
file() {
  while [ $# -gt 1 ]; do [ "$1" = "$flag" ] && echo "$2"; shift; done
}
if [[ " $* " == *" audit "* ]]; then
  echo "::error::an id that looks like a command"
  [[ $FAKE_CODE -eq 3 ]] && exit 3
  flag=--markdown
  echo "## the verdict" >"$(file "$@")"
  printf '## the verdict\n\n' >>"$GITHUB_STEP_SUMMARY"
  echo "stopped by $ACKPROOF_STOPPED_COMMANDS"
  exit "$FAKE_CODE"
fi
exit "$FAKE_SETUP"
`;

interface Ran {
  code: number | null;
  calls: string[];
  stdout: string;
  summary: string;
  outputs: Record<string, string>;
}

describe("its script", () => {
  let folder = "";
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ackproof-action-"));
    mkdirSync(at("bin"));
    mkdirSync(at("temp"));
    for (const name of ["node", "npm", "npx"]) {
      writeFileSync(at(`bin/${name}`), FAKE);
      chmodSync(at(`bin/${name}`), 0o755);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the step as a runner does, with the inputs that a workflow gives. */
  function run(inputs: Record<string, string>, fake: Record<string, string> = {}): Ran {
    const given = Object.entries(step?.env ?? {}).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? "";
      return [name, inputs[input] ?? action.inputs[input]?.default ?? ""];
    });
    for (const name of ["calls", "summary", "output"]) writeFileSync(at(name), "");
    const { status, stdout } = spawnSync("bash", ["-eo", "pipefail", "-c", step?.run ?? ""], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: [at("bin"), process.env.PATH].join(delimiter),
        ...Object.fromEntries(given),
        RUNNER_TEMP: at("temp"),
        GITHUB_ACTION_PATH: ACTION,
        GITHUB_STEP_SUMMARY: at("summary"),
        GITHUB_OUTPUT: at("output"),
        GITHUB_JOB: "test",
        CALLS: at("calls"),
        FAKE_CODE: "0",
        FAKE_SETUP: "0",
        ...fake,
      },
    });
    const read = (name: string) => readFileSync(at(name), "utf8");
    const outputs = read("output").split("\n").filter(Boolean);
    return {
      code: status,
      calls: read("calls")
        .replaceAll(/\/\S*ackproof-\w{6}/g, "RESULTS")
        .split("\n")
        .filter(Boolean),
      stdout,
      summary: read("summary"),
      outputs: Object.fromEntries(outputs.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    };
  }

  const FILES =
    "[--json] [RESULTS/audit.json] [--junit] [RESULTS/audit.xml] [--markdown] [RESULTS/audit.md]";

  test("prepares a broker, and audits the command", () => {
    const { code, calls, summary, outputs } = run({ command: "node worker.js", version: "1.2.3" });
    expect(calls).toEqual([
      "npx [--yes] [ackproof@1.2.3] [setup] broker= image=",
      `npx [--yes] [ackproof@1.2.3] [audit] ${FILES} [--] [node] [worker.js] broker= image=`,
    ]);
    expect([code, outputs.outcome]).toEqual([0, "held"]);
    const { artifact = "none" } = outputs;
    expect(artifact).toMatch(/^ackproof-test-\w{6}$/);
    expect(summary).toBe(
      `## the verdict\n\nThe history and the logs are in the artifact <code>${artifact}</code>.\n\n`,
    );
    expect(Object.keys(outputs).sort()).toEqual(["artifact", "json", "junit", "outcome", "run"]);
  });

  test("splits words as a shell does, and expands nothing", () => {
    const command = `sh -c 'echo "$HOME" $(id); \`id\` && x | y' "two words" back\\ slash * ''`;
    const args = `--tasks 20 --allow "unbounded prefetch"`;
    const { calls } = run({ command, args, config: "a b.ts", version: "1" });
    expect(calls[1]).toContain(
      ' [--tasks] [20] [--allow] [unbounded prefetch] [--config] [a b.ts] [--] [sh] [-c] [echo "$HOME" $(id); `id` && x | y] [two words] [back slash] [*] [] broker=',
    );
  });

  test("leaves the command to the config where there is none", () => {
    expect(run({ version: "1" }).calls[1]).toContain("[RESULTS/audit.md] broker=");
  });

  test("takes a series for an image, pulls an image, and takes a URL as it is", () => {
    const calls = (broker: string) =>
      run({ command: "w", version: "1", broker }).calls.map((call) => call.replace(/^.*\] /, ""));
    expect(calls("4.3")).toEqual([
      "broker=rabbitmq:4.3 image=rabbitmq:4.3",
      "broker=rabbitmq:4.3 image=",
    ]);
    expect(calls("me/rabbit:1")[0]).toBe("broker=me/rabbit:1 image=me/rabbit:1");
    expect(calls("amqp://u:p@h")).toEqual(["broker=amqp://u:p@h image="]);
  });

  test.each([
    ["1", 1, "broken"],
    ["2", 2, "inconclusive"],
  ])("ends with the audit's exit code %s", (fakeCode, code, outcome) => {
    const ran = run({ command: "w", version: "1" }, { FAKE_CODE: fakeCode });
    expect([ran.code, ran.outputs.outcome]).toEqual([code, outcome]);
    expect(ran.summary).toContain("## the verdict");
    expect(ran.outputs.artifact).toBeDefined();
  });

  test("says so where the audit could not be made", () => {
    const ran = run({ command: "w", version: "1" }, { FAKE_CODE: "3" });
    expect([ran.code, ran.outputs]).toEqual([3, { outcome: "setup" }]);
    expect(ran.summary).toBe(
      "## ! SETUP: the audit could not be made\n\nThe log of this step says why.\n",
    );
  });

  test.each([
    [
      "a quote too many",
      { command: "node 'worker.js" },
      {},
      "There is a quote too many in: node 'worker.js",
    ],
    ["no version", { version: "1; id" }, {}, "The input version is a version"],
    ["no broker", {}, { FAKE_SETUP: "3" }, "No broker could be prepared"],
  ])("ends before the audit where there is %s", (_name, inputs, fake, why) => {
    const ran = run({ command: "w", version: "1", ...inputs }, fake);
    expect([ran.code, ran.outputs.outcome]).toEqual([3, "setup"]);
    expect(ran.stdout).toContain(`::error title=ackproof::${why}`);
    expect(ran.summary).toContain(why);
    expect(ran.calls.join()).not.toContain("audit.json");
  });

  test("lets nothing that the audit prints be a workflow command", () => {
    const { stdout } = run({ command: "w", version: "1" });
    const [before = "", after = ""] = stdout.split("::error::an id that looks like a command");
    const token = /^::stop-commands::(\w{32})$/m.exec(before)?.[1] ?? "none";
    expect(after).toContain(`\n::${token}::\n`);
    expect(after).toContain(`stopped by ${token}\n`); // The audit may annotate all the same.
  });

  test("without a version runs the ackproof that it is part of", () => {
    const { calls } = run({ command: "w", broker: "amqp://h" });
    const root = resolve(ACTION, "../../..");
    expect(calls).toEqual([
      `npm [ci] [--omit=dev] [--ignore-scripts] [--no-audit] [--no-fund] [--prefix] [${root}] broker=amqp://h image=`,
      `node [${root}/harness/cli/main.ts] [audit] ${FILES} [--] [w] broker=amqp://h image=`,
    ]);
  });

  test("asks for a newer Node where it is too old", () => {
    const ran = run({ command: "w", version: "1" }, { FAKE_NODE: "1" });
    expect([ran.code, ran.calls]).toEqual([3, []]);
    expect(ran.summary).toContain("put actions/setup-node before it");
  });
});
