/** Effects that a command of the user's tells of, run by a real shell. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { effectSourceOf } from "../../../../harness/audit/effects/effects-of.ts";
import { runShell } from "../../../../harness/audit/shell.ts";
import { untilAnswered } from "../../../../harness/until.ts";
import { acked, logged, sightOf } from "./sighted.ts";

async function probe(command: string, sight = sightOf(["task-1", "task-2"])) {
  await effectSourceOf({ kind: "probe", command }).collect(sight);
  return logged(sight);
}

test("each count is so many effects, of nobody in particular", async () => {
  expect(await probe("printf 'task-1|2\\ntask-2|1\\nold|7\\n'")).toEqual([
    ["effects", "task-1"],
    ["effects", "task-1"],
    ["effects", "task-2"],
  ]);
});

test("it finds the trial's ids in TASKS and on its standard input", async () => {
  const both = [
    ["effects", "task-1"],
    ["effects", "task-2"],
  ];
  expect(await probe("cat")).toEqual(both);
  expect(await probe('echo "$TASKS"')).toEqual(both);
});

test("it finds more ids than fit into a variable on its standard input", async () => {
  const tasks = Array.from({ length: 20_000 }, (_, index) => `a-task-with-a-long-id-${index}`);
  expect(await probe("cat", sightOf(tasks))).toHaveLength(20_000);
});

test("it has the subjects' environment", async () => {
  const sight = sightOf(["task-1"], { environment: { DATABASE: "task-1 3" } });
  expect(await probe('echo "$DATABASE"', sight)).toHaveLength(3);
});

test("printing nothing is an answer, where nothing was acked", async () => {
  expect(await probe("true")).toEqual([]);
});

/** Milliseconds; ten megabytes take a moment on a busy machine. */
const PATIENCE = 30_000;

describe("it is inconclusive", { timeout: PATIENCE }, () => {
  test.for([
    [
      "not found",
      "no-such-program-at-all",
      /failed with exit code 127 \(it was not found\): no-such/,
    ],
    ["not executable", "/dev/null", /failed with exit code 126 \(it can't be executed\)/],
    [
      "failed",
      "for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 3",
      /exit code 3: .*\nIt said:\n {2}line 3\n {2}line 4\n {2}line 5\n {2}line 6\n {2}line 7$/s,
    ],
    ["killed", "kill -9 $$", /The probe was killed by SIGKILL/],
    ["without end", "yes", /printed more than 10 MB/],
    ["loud", "yes >&2", /printed more than 10 MB/],
    ["unreadable", "echo 'id count'", /line 1 is not an id and how often it was done: "id count"/],
    ["binary", "head -c 100000 /bin/sh", /can't be read: line \d+ is/],
  ] as const)("when %s", async ([, command, words]) => {
    const probed = probe(command);
    await expect(probed).rejects.toThrow(words);
    await expect(probed).rejects.toMatchObject({ name: "Inconclusive" });
  });

  test.for([
    ["nothing", "true", "The probe printed nothing, although 1 of its tasks were acked"],
    ["only others", "echo old 3", "The probe printed no line about a task of this trial, although"],
    ["a zero", "echo task-1 0", "although 1 of its tasks were acked"],
  ])("when workers acked and it sees %s", async ([, command = "", words]) => {
    const sight = sightOf(["task-1"]);
    acked(sight, "task-1");
    await expect(probe(command, sight)).rejects.toThrow(words);
  });
});

describe("nothing of it is left running", () => {
  async function leavesNothing(command: (file: string) => string, deadline?: number) {
    const folder = await mkdtemp(join(tmpdir(), "ackproof-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "pid");
    const asked = { name: "The probe", command: command(file), env: {} };
    const said = await runShell({ ...asked, ...(deadline ? { deadline } : {}) }).catch(
      ({ message }: Error) => message,
    );
    const pid = Number(await readFile(file, "utf8"));
    expect(pid).toBeGreaterThan(1);
    await untilAnswered("it to be gone", async () => !(await isAlive(pid)), 5_000);
    return said;
  }

  test("when it was too slow", async () => {
    const slow = (file: string) => `(trap '' TERM; sleep 600) & echo $! > ${file}; wait`;
    expect(await leavesNothing(slow, 500)).toMatch(/^The probe was not done after 0.5 s/);
  });

  test("when it has left a program in the background, with its outputs open", async () => {
    expect(await leavesNothing((file) => `sleep 600 & echo $! > ${file}; echo said`)).toBe(
      "said\n",
    );
  });
});

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}
