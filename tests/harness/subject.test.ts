import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SetupError } from "../../harness/errors.ts";
import { History } from "../../harness/history/history.ts";
import { Sink } from "../../harness/sink/sink.ts";
import { ticks, until } from "../../harness/until.ts";
import { Subject } from "../../harness/workers/subject.ts";

const FAMILY = join(import.meta.dirname, "family.ts");

let directory: string;
let history: History;
let sink: Sink;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "ackproof-subject-"));
  history = new History();
  sink = await Sink.start(history);
});

afterEach(async () => {
  await sink.close();
  rmSync(directory, { recursive: true });
});

const logFile = () => join(directory, "w.log");

function start(...command: [string, ...string[]]): Promise<Subject> {
  const env = { EFFECT_URL: sink.url("w"), QUEUE: "tasks" };
  return Subject.start({ name: "w", command, env, logFile: logFile(), history });
}

/** A program that lives until it is killed. */
const startLasting = () => start(process.execPath, "-e", "setInterval(() => {}, 1e6)");

/** Starts a parent with a child, and waits until both are mid-task. */
async function startFamily(code = 0): Promise<Subject> {
  const family = await start(process.execPath, FAMILY, "parent", String(code));
  await until("both to be mid-task", history, () => sink.held().length === 2);
  return family;
}

/** Waits until both are gone: the sink loses a caller when the operating system ends it. */
async function bothGone(): Promise<void> {
  await until("both to be gone", history, () => sink.held().length === 0, {
    deadline: 4_000,
    lastSeen: () => `alive: ${sink.held().map(({ task }) => task)}`,
  });
}

function processEvents() {
  return history.events
    .filter(({ type }) => type.startsWith("process-"))
    .map(({ seq, at, ...fact }) => fact);
}

test("a kill is of the whole group, and its exit is witnessed", async () => {
  const family = await startFamily();
  const { pid } = family;
  await family.kill();
  expect(family.state).toBe("terminated");
  expect(await family.exited).toEqual({ code: null, signal: "SIGKILL" });
  await bothGone();
  const command = [process.execPath, FAMILY, "parent", "0"];
  expect(processEvents()).toEqual([
    { type: "process-started", subject: "w", pid, command },
    { type: "process-signalled", subject: "w", pid, signal: "SIGKILL" },
    { type: "process-exited", subject: "w", pid, code: null, signal: "SIGKILL" },
  ]);
});

test("a subject that exits by itself leaves no group behind, and its exit is not late", async () => {
  const family = await startFamily(7);
  sink.holdTasks(["child"]); // The child would live for as long as it is held.
  sink.open();
  expect(await family.exited).toEqual({ code: 7, signal: null });
  await bothGone();
  expect(history.events.findLast(({ type }) => type === "effect-abandoned")).toMatchObject({
    task: "child",
  });
});

test("the exit of a program that dies of another signal says so", async () => {
  const subject = await startLasting();
  subject.signal("SIGTERM");
  expect(await subject.exited).toEqual({ code: null, signal: "SIGTERM" });
  expect(subject.state).toBe("terminated");
});

test("it is paused and goes on, and can be killed while it is paused", async () => {
  const subject = await startLasting();
  expect(subject.state).toBe("running");
  subject.signal("SIGSTOP");
  expect(subject.state).toBe("paused");
  subject.signal("SIGCONT");
  expect(subject.state).toBe("running");
  subject.signal("SIGSTOP");
  await subject.kill();
  expect(subject.state).toBe("terminated");
});

test.runIf(process.platform === "linux")("a pause is of every process of the group", async () => {
  const family = await startFamily();
  expect(await family.pause()).toBe(2);
  expect(family.state).toBe("paused");
  await family.kill();
  await bothGone();
});

/** Forks twice, so that its child is nobody's, in a session of its own; and then does as told. */
const DAEMON = (then: string) =>
  `(setsid sh -c '"${process.execPath}" "${FAMILY}" child & exit' &); ${then}`;

test.runIf(process.platform === "linux").each([
  ["exits by itself", "sleep 1000 & exit 0", (_: Subject) => {}, 2],
  ["is killed", "sleep 1000", (subject: Subject) => subject.kill(), 1],
  ["is asked to leave", "sleep 1000", (subject: Subject) => subject.stop(), 1],
] as const)(
  "of one that %s, no daemon is left running, and it is told",
  async (_, then, end, left) => {
    const gate = `until test -e "${directory}/go"; do sleep 0.01; done;`;
    const subject = await start("sh", "-c", DAEMON(`${gate} ${then}`));
    await until("the daemon to be mid-task", history, () => sink.held().length === 1);
    writeFileSync(join(directory, "go"), "");
    await end(subject);
    await subject.exited;
    await bothGone();
    expect(subject.left).toBe(left);
  },
);

test("one that leaves nothing has left nothing", async () => {
  const subject = await startLasting();
  await subject.stop();
  expect(subject.left).toBe(0);
});

test.runIf(process.platform === "linux")(
  "a wrapper that goes first, asked to leave, takes nobody with it: its child has its time",
  async () => {
    sink.open();
    const child = `"${process.execPath}" -e 'process.on("SIGTERM", async () => {
    await fetch(process.env.EFFECT_URL + "/last", { method: "POST" });
    process.exit();
  }); fetch(process.env.EFFECT_URL + "/first", { method: "POST" }); setInterval(() => {}, 1e6);'`;
    const subject = await start("sh", "-c", `${child}; true`);
    const done = () =>
      history.events.flatMap((event) => (event.type === "effect-done" ? event.task : []));
    await until("the child", history, () => done().length === 1);
    sink.holdTasks(["last"]);
    const leaving = subject.stop();
    await until("the child to have a last effect", history, () => sink.held().length === 1);
    await until("the wrapper to be gone", ticks, () => !existsSync(`/proc/${subject.pid}`));
    expect(processEvents().at(-1)).toMatchObject({ type: "process-signalled" });
    sink.release(["last"]);
    expect(await leaving).toEqual({ code: null, signal: "SIGTERM" });
    expect(done()).toEqual(["first", "last"]);
    expect(history.events.at(-1)?.type).toBe("process-exited");
  },
);

test("one that does not leave is killed in the end, wrapper or not", async () => {
  const child = `"${process.execPath}" -e 'process.on("SIGTERM", () => {});
    fetch(process.env.EFFECT_URL + "/first", { method: "POST" }); setInterval(() => {}, 1e6);'`;
  const subject = await start("sh", "-c", `${child}; true`);
  await until("the child", history, () => sink.held().length === 1);
  subject.signal("SIGTERM");
  expect(subject.state).toBe("leaving");
  expect(await subject.end()).toMatchObject({ code: null });
  await bothGone();
  expect(subject.left).toBe(0);
});

test("what has ended can't be sent a signal", async () => {
  const subject = await start(process.execPath, "-e", "");
  expect(await subject.exited).toEqual({ code: 0, signal: null });
  await expect(subject.kill()).rejects.toThrow("w has already ended, and can't be sent SIGKILL");
  expect(processEvents().filter(({ type }) => type === "process-signalled")).toEqual([]);
});

test.runIf(process.platform === "linux").each([
  ["kill", "w was sent SIGKILL, but ended by itself: exit code 3"],
  ["end", undefined],
] as const)("%s of one that has just ended, unnoticed", async (verb, complaint) => {
  const subject = await start(process.execPath, "-e", "process.exit(3)");
  untilZombie(subject.pid);
  expect(subject.state).toBe("running");
  if (complaint) await expect(subject[verb]()).rejects.toThrow(complaint);
  else expect(await subject[verb]()).toEqual({ code: 3, signal: null });
});

test("end kills what still runs, and is content with what has ended", async () => {
  const subject = await startLasting();
  expect(await subject.end()).toEqual({ code: null, signal: "SIGKILL" });
  expect(await subject.end()).toEqual({ code: null, signal: "SIGKILL" });
});

test("a command that does not exist is a matter of setup", async () => {
  const failure = await start("no-such-worker", "--fast").catch((error) => error);
  expect(failure).toBeInstanceOf(SetupError);
  expect(failure.message).toBe(
    "w can't be started: spawn no-such-worker ENOENT. Its command was: no-such-worker --fast",
  );
  expect(history.events).toEqual([]);
});

test("so is a log that can't be written", async () => {
  rmSync(directory, { recursive: true });
  const failure = await startLasting().catch((error) => error);
  expect(failure).toBeInstanceOf(SetupError);
  expect(failure.message).toContain("The log of w can't be written: ENOENT");
  directory = mkdtempSync(join(tmpdir(), "ackproof-subject-"));
});

test("it runs without a shell, with its environment over ours, and its words are kept", async () => {
  const program =
    "console.log(process.env.QUEUE, process.argv[1]); console.error(!!process.env.PATH)";
  await (await start(process.execPath, "-e", program, "$HOME; *")).exited;
  await (await start(process.execPath, "-e", "console.log('again')")).exited;
  expect(readFileSync(logFile(), "utf8")).toBe("tasks $HOME; *\ntrue\nagain\n");
});

/** Returns when a process has ended, without letting this one notice. */
function untilZombie(pid: number): void {
  spawnSync("sh", ["-c", `until grep -q "^State:.Z" /proc/${pid}/status; do :; done`]);
}
