/** What a user is told of a worker that can't be audited: the whole message, and the exit code. */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Admin } from "../../../harness/broker/admin.ts";
import { ticks, until } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");
const SUBJECTS = join(import.meta.dirname, "../../../fixtures/subjects");
const VHOST = `bad-input-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "ackproof-bad-input-"));

const program = (file: string) => ["--", process.execPath, join(SUBJECTS, file)];

let url: string;

beforeAll(async () => {
  const broker = await laneBroker();
  if (!broker.amqp) throw new Error("The lane's broker is down");
  await new Admin(broker).createVhost(VHOST);
  url = broker.urlOf(broker.amqp, VHOST);
});

afterEach(async () => {
  expect(left(), "processes").toEqual([]);
});

afterAll(async () => {
  await new Admin(await laneBroker()).deleteVhost(VHOST);
  rmSync(folder, { recursive: true });
});

function start(args: string[], env: Record<string, string> = {}) {
  const options = { cwd: folder, env: { RABBITMQ_IMAGE: "", ...env }, reject: false } as const;
  return execa(process.execPath, [MAIN, "audit", ...args], options);
}

async function audited(args: string[], env?: Record<string, string>) {
  const { exitCode, stdout, stderr } = await start(args, env);
  return { exitCode, stdout, stderr: steady(stderr) };
}

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replace(/-[0-9a-f]{8}-\d\d\b/g, "")
    .replace(/own-\d+/g, "own-<pid>")
    .replaceAll(folder, "<folder>");
}

/** Processes of any worker of these audits, by what it was told. */
function left(): string[] {
  return globSync("/proc/[0-9]*/environ").filter((file) => {
    try {
      return readFileSync(file, "utf8").includes(`EFFECT_LOG=${folder}`);
    } catch {
      return false; // It has ended, or is another user's.
    }
  });
}

async function queues(): Promise<unknown[]> {
  return JSON.parse(await new Admin(await laneBroker()).definitions(VHOST)).queues;
}

describe("before any broker is started", () => {
  const env = { DOCKER_HOST: "unix:///nowhere.sock" };

  test.each([
    [
      ["--", "nosuchcommand"],
      'There is no command "nosuchcommand" in PATH.\nName one that is there, or its path: -- ./worker.sh',
    ],
    [
      ["--", "node worker.js"],
      'There is no command "node worker.js" in PATH.\nWrite its words apart, and not as one: -- node worker.js',
    ],
    [
      ["--", "./worker"],
      "There is no file ./worker.\nA path leads from the folder in which the audit is run.",
    ],
    [
      ["--", join(SUBJECTS, "task.ts")],
      `${join(SUBJECTS, "task.ts")} can't be run: it is not executable.\nRun it by its interpreter (-- node worker.js), or make it executable.`,
    ],
    [
      ["--broker", "amqp://u:secret@127.0.0.1:1/", "--", "node"],
      "There is no broker at 127.0.0.1:1 (ECONNREFUSED).\nIs it up, and is this its port for AMQP? The URL is amqp://user:password@host:port/vhost",
    ],
  ])("%j", async (args, message) => {
    const { exitCode, stderr } = await audited(args, env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: `audit: ${message}` });
    expect(globSync(join(folder, ".ackproof/runs/*"))).toEqual([]);
  });
});

test("a wrong password and a wrong virtual host are told, and no password is", async () => {
  const wrong = url.replace(/:[^:@/]+@/, ":not-it@");
  const { host } = new URL(url);
  expect(await audited(["--broker", wrong, "--", "node"])).toMatchObject({
    exitCode: 3,
    stderr: `audit: The broker at ${host} does not know the user "guest", or it has another password.\nThey are in the URL: amqp://user:password@host:port/vhost`,
  });
  expect(await audited(["--broker", `${url}-not`, "--", "node"])).toMatchObject({
    exitCode: 3,
    stderr: `audit: The broker at ${host} does not let the user "guest" into the virtual host "${VHOST}-not".\nIs it there, and has the user permissions in it? It ends the URL: amqp://host:port/vhost`,
  });
});

const SLOW = "One that takes longer to begin gets more time by --ready.";

test.each([
  [
    "odd/exits-at-once.ts",
    "The worker ended before it consumed (exit code 1).\nA worker runs until it is asked to stop.\nIt printed:\n  there is nothing to do here",
  ],
  [
    "odd/daemonizes.ts",
    "The worker ended (exit code 0), and left 1 process running: a daemon?\nLet it stay in the foreground until it is asked to stop.\nWhat it left was killed.\nIt printed nothing.",
  ],
  [
    "odd/never-consumes.ts",
    `The worker connected, and did not consume from "tasks" within 4 s.\nLet it consume from the queue that QUEUE names as soon as it is connected.\n${SLOW}\nIt printed nothing.`,
  ],
  [
    "odd/wrong-queue.ts",
    'The worker consumes from "own-<pid>", and not from "tasks".\nLet it read QUEUE, or name the queue that it knows: --queue own-<pid>\nIt printed:\n  consuming own-<pid>',
  ],
])("%s can't be audited", async (file, message) => {
  const times = ["--ready", "4s", "--patience", "1s"];
  const { exitCode, stderr } = await audited(["--broker", url, ...times, ...program(file)]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: `audit: ${message}` });
  expect(await queues()).toEqual([]);
});

test("a worker that never calls the sink proves nothing, and is convicted of nothing", async () => {
  const { exitCode, stdout } = await audited([
    "--broker",
    url,
    ...program("odd/never-calls-effect.ts"),
  ]);
  expect(exitCode).toBe(2);
  expect(stdout).toContain(
    "control: The worker was sent 10 tasks, acked 10 times and never called EFFECT_URL, so its work was not seen.",
  );
  expect(stdout).not.toContain("lost");
});

test("a shell that is gone does not hide that its worker ignores SIGTERM", async () => {
  const { exitCode, stdout } = await audited(
    ["--broker", url, "--only", "SIGTERM, mid-task", "--drain", "1s"].concat(
      "--",
      "sh",
      "-c",
      `${process.execPath} ${join(SUBJECTS, "mutants/ignores-sigterm.ts")}; true`,
    ),
  );
  expect(exitCode).toBe(1);
  expect(stdout).toContain("✗ drain failed, in SIGTERM, mid-task");
  expect(stdout).toContain("1 process that it had started still ran, in control;");
});

test.each([
  ["SIGINT", 3, "This audit has no result. interrupted."],
  ["SIGKILL", undefined, "This audit has no result. It is under way, or was killed."],
] as const)("after %s nothing runs, and its run says so", async (signal, code, headline) => {
  const running = start(["--broker", url, ...program("amqplib/worker.ts")]);
  await until("its worker", ticks, () => left().length > 0);
  running.kill(signal);
  const { exitCode } = await running;
  expect(exitCode).toBe(code);
  await until("its workers to be gone", ticks, () => left().length === 0);
  const [last = ""] = globSync(join(folder, ".ackproof/runs/*")).sort().reverse();
  const result = join(last, "audit.json");
  expect(existsSync(result)).toBe(true);
  expect(JSON.parse(readFileSync(result, "utf8"))).toMatchObject({
    outcome: "unfinished",
    headline,
  });
});
