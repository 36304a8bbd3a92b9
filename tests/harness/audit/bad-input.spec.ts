/** What a user is told of a worker that can't be audited: the whole message, and the exit code. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { badInput, program, SUBJECTS } from "./bad-input.ts";

const place = badInput();

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
    const { exitCode, stderr } = await place.audited(args, env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: `audit: ${message}` });
    expect(place.runs()).toEqual([]);
  });
});

test("a wrong password and a wrong virtual host are told, and no password is", async () => {
  const { url } = place;
  const wrong = url.replace(/:[^:@/]+@/, ":not-it@");
  const { host } = new URL(url);
  expect(await place.audited(["--broker", wrong, "--", "node"])).toMatchObject({
    exitCode: 3,
    stderr: `audit: The broker at ${host} does not know the user "guest", or it has another password.\nThey are in the URL: amqp://user:password@host:port/vhost`,
  });
  expect(await place.audited(["--broker", `${url}-not`, "--", "node"])).toMatchObject({
    exitCode: 3,
    stderr: `audit: The broker at ${host} does not let the user "guest" into the virtual host "${place.vhost}-not".\nIs it there, and has the user permissions in it? It ends the URL: amqp://host:port/vhost`,
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
  const { exitCode, stderr } = await place.onGiven(...times, ...program(file));
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: `audit: ${message}` });
  expect(await place.queues()).toEqual([]);
});

test("a worker that never calls the sink proves nothing, and is convicted of nothing", async () => {
  const { exitCode, stdout } = await place.onGiven(...program("odd/never-calls-effect.ts"));
  expect(exitCode).toBe(2);
  expect(stdout).toContain(
    "control: The worker was sent 10 tasks, acked 10 times and never called EFFECT_URL, so its work was not seen.",
  );
  expect(stdout).not.toContain("lost");
});

test("a shell that is gone does not hide that its worker ignores SIGTERM", async () => {
  const { exitCode, stdout } = await place.onGiven(
    ...["--only", "SIGTERM, mid-task", "--drain", "1s", "--", "sh", "-c"],
    `${process.execPath} ${join(SUBJECTS, "mutants/ignores-sigterm.ts")}; true`,
  );
  expect(exitCode).toBe(1);
  expect(stdout).toContain("✗ drain failed, in SIGTERM, mid-task");
  expect(stdout).toContain("1 process that it had started still ran, in control;");
});
