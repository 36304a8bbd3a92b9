/** `ackproof soak` as a user has it: on a broker of its own, on one by URL, and ended by Ctrl-C. */
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import { ticks, until } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";

const CLI = join(import.meta.dirname, "../../../harness/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "ackproof-command-"));
let broker: Broker;
let url: string;

beforeAll(async () => {
  broker = await laneBroker();
  url = broker.urlOf(broker.amqp ?? { host: "", port: 0 }, "/");
});

afterAll(() => rmSync(folder, { recursive: true }));

function command(...args: string[]) {
  const env = { ACKPROOF_DIR: folder };
  return execa(process.execPath, [CLI, ...args], { env, reject: false });
}

/** The directory that a run says it is kept in. */
function keptIn(stdout: string): string {
  return /^kept: (.*)$/m.exec(stdout)?.[1] ?? "";
}

const SMALL = ["--messages", "20000", "--worker-kills", "2", "--seed", "5"];

test("on a broker by its URL, workers are killed, and nothing is left on it", async () => {
  const { stdout, exitCode } = await command("soak", ...SMALL, "--broker", url);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^A soak of 20,000 tasks, 2 worker kills, 0 broker kills, classic queue/);
  expect(stdout).toMatch(/HELD: 20,000 confirmed tasks, 2 worker kills, 0 broker kills: not one/);
  const { fates, account } = JSON.parse(readFileSync(`${keptIn(stdout)}/verdict.json`, "utf8"));
  expect(account).toMatchObject({ published: 20_000, confirmed: 20_000 });
  expect(fates.completed).toEqual([]); // The account has their number.
  const manifest = readFileSync(`${keptIn(stdout)}/manifest.json`, "utf8");
  expect(manifest).not.toContain("guest");
  expect(await queuesOf(broker)).toEqual([]);
});

test("judged again from what is kept, it says the same", async () => {
  const { stdout } = await command("soak", ...SMALL, "--broker", url);
  const { stdout: again, exitCode } = await command("judge", keptIn(stdout));
  const account = /^20000 published.*$/m.exec(stdout)?.[0] ?? "no account";
  expect([exitCode, again]).toEqual([0, expect.stringContaining(account)]);
});

test("Ctrl-C ends it in order: what was published is finished, accounted, and kept", async () => {
  const running = command("soak", "--messages", "1000000", "--worker-kills", "0", "--broker", url);
  await until("tasks to be done", ticks, () => effects().length > 0);
  running.kill("SIGINT");
  const { stdout, stderr, exitCode } = await running;
  expect([exitCode, stderr]).toEqual([3, "soak: interrupted."]);
  expect(stdout).toMatch(/^\d+ published = /m);
  expect(stdout).not.toContain("lost");
  const judged = await command("judge", keptIn(stdout));
  expect(judged.exitCode).toBe(0);
});

/** The effect logs, with something in them, of runs of a million tasks. */
function effects(): string[] {
  const manifests = globSync("runs/*/manifest.json", { cwd: folder });
  const large = manifests.filter((file) =>
    readFileSync(join(folder, file), "utf8").includes("1,000,000"),
  );
  const logs = large.flatMap((file) =>
    globSync(`${dirname(file)}/logs/*.effects`, { cwd: folder }),
  );
  return logs.filter((file) => statSync(join(folder, file)).size > 0);
}

async function queuesOf({ management: { host, port } }: Broker): Promise<string[]> {
  const authorization = `Basic ${Buffer.from("guest:guest").toString("base64")}`;
  const answer = await fetch(`http://${host}:${port}/api/queues/%2F`, {
    headers: { authorization },
  });
  const queues = (await answer.json()) as { name: string }[];
  return queues.map(({ name }) => name).filter((name) => name.includes("soak"));
}
