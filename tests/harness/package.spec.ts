/** The package as a stranger gets it: packed, installed into an empty folder, and used from there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { within } from "../../harness/until.ts";
import manifest from "../../package.json" with { type: "json" };
import { readVerdict } from "./ledger/saved-histories.ts";
import { parsed } from "./report/parsed-xml.ts";
import { ROOT, Stranger } from "./stranger.ts";

/** Milliseconds for what may ask a registry. */
const INSTALLING = 240_000;

let stranger: Stranger;
beforeAll(async () => {
  stranger = await Stranger.arrive();
}, INSTALLING);
afterAll(() => stranger?.leave());

describe("in the package", () => {
  test("is what it needs to run, compiled, with its types", () => {
    const needed =
      /^(dist\/.+\.(js|d\.ts|json)|fixtures\/broker\/.+|README\.md|LICENSE|package\.json)$/;
    const files = stranger.files();
    expect(files.filter((file) => !needed.test(file))).toEqual([]);
    expect(files.filter((file) => /(^|\/)tests?\/|\.(test|spec)\./.test(file))).toEqual([]);
    const some = ["dist/cli/main.js", "dist/index.d.ts", "fixtures/broker/disk/launch.sh"];
    expect(files).toEqual(expect.arrayContaining(some));
  });

  test("no place on the machine that packed it is named", () => {
    const naming = stranger.files().filter((file) => {
      const text = readFileSync(join(stranger.installed, file), "latin1");
      return text.includes(ROOT) || text.includes("file:///");
    });
    expect(naming).toEqual([]);
  });
});

const COMMANDS = "The commands are audit, init, setup, judge, report.";

/** Saves a history of the fixtures as a run. */
function saveRun(name: string): void {
  const history = readFileSync(join(ROOT, `fixtures/histories/${name}.ndjson`), "utf8");
  const [, fault = "none"] = /"fault":"([^"]+)"/.exec(history) ?? [];
  const broker = { image: "rabbitmq:4.3", version: "4.3.6" };
  stranger.write(`${name}/manifest.json`, { title: name, fault, broker });
  stranger.write(`${name}/history.ndjson`, history);
}

describe("from its folder, npx", () => {
  beforeAll(() => ["completed", "lost", "drained-yet-acked"].forEach(saveRun));

  test.each([
    ["", 3, `ackproof: ${COMMANDS}`],
    ["--version", 0, manifest.version],
    ["--help", 0, "Usage: npx ackproof <command> [options]"],
    ["guarantees", 3, `guarantees: ${COMMANDS}`],
    ["audit --help", 0, "Usage: npx ackproof audit"],
    ["init --help", 0, "Usage: npx ackproof init"],
    ["setup --help", 0, "Usage: npx ackproof setup [--all]"],
    ["judge", 3, "Usage: npx ackproof judge <run directory>"],
    ["judge completed", 0, "\nHELD"],
    ["judge lost", 1, "\nBROKEN"],
    ["judge drained-yet-acked", 2, "\nINCONCLUSIVE"],
  ])("ackproof %s", async (args, code, words) => {
    const command = ["ackproof", ...args.split(" ").filter(Boolean)];
    const { exitCode, said } = await stranger.run("npx", command, { reject: false });
    expect([exitCode, said]).toEqual([code, expect.stringContaining(words)]);
  });
});

test("a program that imports it judges a history", async () => {
  saveRun("duplicated");
  stranger.write(
    "judge.mjs",
    `import { judge, readHistory } from "ackproof";
    process.stdout.write(JSON.stringify(judge(await readHistory("duplicated/history.ndjson"))));`,
  );
  const { said } = await stranger.run("node", ["judge.mjs"]);
  expect(JSON.parse(said)).toEqual(readVerdict("duplicated"));
});

test.each(["audit", "suite"])(
  "the description of the result of an %s comes with it",
  async (of) => {
    stranger.write(
      "schema.mjs",
      `import schema from "ackproof/${of}-schema.json" with { type: "json" };
    process.stdout.write(schema.$id);`,
    );
    expect((await stranger.run("node", ["schema.mjs"])).said).toContain(`urn:ackproof:${of}:`);
  },
);

test("what was entrusted to it ends with the program that did, however that ends", async () => {
  stranger.write(
    "killed.mjs",
    `import { spawn } from "node:child_process";
    import { entrust } from "./node_modules/ackproof/dist/reaper/reaper.js";
    const { pid } = spawn("sleep", ["60"], { detached: true, stdio: "inherit" });
    entrust(\`group \${pid}\`);
    process.kill(process.pid, "SIGKILL");`,
  );
  // Its output ends only when the other one, which writes to it too, has ended as well.
  const ended = stranger.run("node", ["killed.mjs"], { reject: false });
  const { signal } = await within("both to end", ended, 20_000);
  expect(signal).toBe("SIGKILL");
});

describe("beside vitest", () => {
  beforeAll(async () => {
    stranger.write("worker.mjs", WORKER);
    stranger.write("rig.config.mjs", RIG_CONFIGURATION);
    await stranger.install(`vitest@${manifest.devDependencies.vitest}`);
  }, INSTALLING);

  test("its types hold in a strict program", async () => {
    stranger.write("typed.mts", TYPED);
    const flags = "--noEmit --strict --skipLibCheck --module nodenext --target esnext".split(" ");
    const tsc = join(ROOT, "node_modules/.bin/tsc");
    const { exitCode, said } = await stranger.run(tsc, [...flags, "typed.mts"], { reject: false });
    expect([exitCode, said.trim()]).toEqual([0, ""]);
  });

  test("a stranger's own specs prove and convict a stranger's own worker", async () => {
    stranger.write("vitest.config.mjs", CONFIGURATION);
    stranger.write("own.spec.mjs", SPEC);
    const { exitCode, said } = await stranger.run("npx", ["vitest", "run"], { reject: false });
    expect([exitCode, said]).toEqual([1, expect.stringContaining("1 failed | 1 passed")]);
    expect(said).toContain('Again: npx vitest run own.spec.mjs -t "Nothing is left · classic"');
  });

  const withRig = (file: string, ...flags: string[]) => {
    const command = ["vitest", "run", "--config", "rig.config.mjs", file, ...flags];
    return stranger.run("npx", command, { reject: false });
  };

  test("a stranger's tests with a rig pass", async () => {
    stranger.write("careful.rig.mjs", CAREFUL_TEST);
    const { exitCode, said } = await withRig("careful.rig.mjs");
    expect([exitCode, said]).toEqual([0, expect.stringContaining("1 passed")]);
  });

  test("whichever reporter tells it, a task that is lost has its life, and its history a place", async () => {
    stranger.write("hasty.mjs", HASTY);
    stranger.write("hasty.rig.mjs", HASTY_TEST);
    const reporters = ["verbose", "github-actions", "junit", "json"];
    const outputs = ["--outputFile.junit=rig.xml", "--outputFile.json=rig.json"];
    const flags = [...reporters.map((name) => `--reporter=${name}`), ...outputs];
    const { exitCode, said } = await withRig("hasty.rig.mjs", ...flags);
    expect([exitCode, said]).toEqual([1, expect.stringContaining("1 failed")]);
    const read = (file: string) => readFileSync(join(stranger.folder, file), "utf8");
    const failure = parsed(read("rig.xml")).find(({ name }) => name === "failure");
    const [file] = JSON.parse(read("rig.json")).testResults;
    const [, annotation = "none"] = /^::error (.+)$/m.exec(said) ?? [];
    const told = {
      verbose: said.replace(annotation, ""),
      annotation: annotation.replaceAll("%0A", "\n"),
      junit: failure?.text ?? "",
      json: file.assertionResults[0].failureMessages.join("\n"),
    };
    for (const [reporter, text] of Object.entries(told)) {
      expect(text, reporter).toMatch(LIFE);
      expect(text.replaceAll("\n", ""), reporter).not.toMatch(/\p{Cc}|\[object|undefined/u);
    }
    expect(failure?.attributes.message).toContain("no task to be lost");
    expect(annotation).toMatch(/^file=[^,]+hasty\.rig\.mjs,.*line=\d+/);
    const [, kept = "nowhere"] = /History: (\S+)/.exec(said) ?? [];
    expect(JSON.parse(read(join(kept, "verdict.json"))).account.lost).toBe(1);
  });
});

/** The sentence, the life of the task, and how to go on. */
const LIFE =
  /no task to be lost, and 1 of 1 was: task-1\.\ntask-1 is lost:\n.+acked by hasty.+worker-kill of hasty.+\nHistory: \S+\nReport: \S+\nAgain: npx vitest run hasty\.rig\.mjs -t "a hasty one\.s do"/s;

/** An error that is expected and does not come is one too: nothing here is of any type. */
const TYPED = `
import { type AuditResult, audit, defineConfig, judge, readHistory, SetupError, type Verdict } from "ackproof";
import { guarantee, rig } from "ackproof/vitest";
import { expect, test as base } from "vitest";

const verdict: Verdict = judge(await readHistory("history.ndjson"), { fault: "worker-kill" });
export const lost: number | undefined = verdict.account.lost;
// @ts-expect-error There is no such outcome.
verdict.outcome === "won";
// @ts-expect-error There is no such fault.
judge([], { fault: "luck" });
new SetupError("").exitCode satisfies 3;

const config = defineConfig({ command: "node worker.js", drain: "5s" });
const result: AuditResult = await audit(config, { onTrial: ({ name }) => name satisfies string });
expect(result).toHold() satisfies void;
// @ts-expect-error There is no such setting.
await audit({ drian: "5s" });
const test = base.extend({ rig: rig({ broker: "4.0", queueType: "quorum" }) });
test("A task is done", async ({ rig }) => {
  const held: Promise<void> = expect(rig).toLoseNothing();
  await held;
  await expect(rig).toHaveAccount({ published: 1 });
  expect(verdict).toHaveAccount({ published: 1 }) satisfies void;
  // @ts-expect-error There is no such line.
  await expect(rig).toHaveAccount({ publish: 1 });
});

guarantee("A task is done", { docs: "observed", fault: "none" }, async ({ rig }) => {
  const tasks: string[] = await rig.publish(1, { persistent: true });
  // @ts-expect-error There is no such fault.
  await rig.levitate(tasks);
});
`;

const CONFIGURATION = `export default {
  test: { globalSetup: "ackproof/vitest/global-setup", maxWorkers: 1, testTimeout: 60_000 },
};`;

const WORKER = `
import { connect } from "amqplib";

const { AMQP_URL, QUEUE, EFFECT_URL } = process.env;
const channel = await (await connect(AMQP_URL)).createChannel();
await channel.prefetch(1);
await channel.consume(QUEUE, async (message) => {
  await fetch(EFFECT_URL + "/" + message.properties.messageId, { method: "POST" });
  channel.ack(message);
});
`;

const SPEC = `
import { guarantee } from "ackproof/vitest";
import { expect } from "vitest";

const options = { docs: "observed", queues: ["classic"] };
guarantee("A task is done", { ...options, fault: "worker-kill" }, async ({ rig }) => {
  await rig.workers(2, { command: ["node", "worker.mjs"] });
  await rig.publish(10);
  await rig.kill("worker-1", { at: "mid-task" });
  expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
});
guarantee("Nothing is left", { ...options, fault: "none" }, async ({ rig }) => {
  await rig.publish(1);
  expect(await rig.account()).toEqual({ published: 1, confirmed: 1 });
});
`;

const RIG_CONFIGURATION = `export default { test: { include: ["*.rig.mjs"], testTimeout: 60_000 } };`;

const HASTY = WORKER.replace(/ {2}(await fetch.+)\n {2}(channel\.ack.+)\n/, "  $2\n  $1\n");

const RIG = `
import { rig } from "ackproof/vitest";
import { expect, test as base } from "vitest";

const test = base.extend({ rig: rig() });
const command = ["node", "worker.mjs"];
`;

const CAREFUL_TEST = `${RIG}
test("a careful worker's tasks outlive it", async ({ rig }) => {
  await rig.workers(2, { command });
  await rig.publish(10);
  await rig.kill("worker-1", { at: "mid-task" });
  await expect(rig).toHaveAccount({ published: 10, confirmed: 10, completed: 10 });
});
`;

const HASTY_TEST = `${RIG}
test("a hasty one's do", async ({ rig }) => {
  await rig.worker("hasty", { command: ["node", "hasty.mjs"] });
  await rig.publish(1);
  await rig.kill("hasty", { at: "mid-task" });
  await rig.worker("careful", { command });
  await expect(rig).toLoseNothing();
});
`;
