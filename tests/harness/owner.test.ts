import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { isOrphaned, newOwner } from "../../harness/reaper/owner.ts";

const MODULE = join(import.meta.dirname, "../../harness/reaper/owner.ts");
const PROGRAM = `import { newOwner } from ${JSON.stringify(MODULE)}; console.log(newOwner());`;
const LIVES_ON = `${PROGRAM} process.stdin.resume();`;
/** A process id that no system gives. */
const NOBODY = 2 ** 22 + 1;
const SCRIPT = ["--input-type=module", "-e"];

let child: ChildProcess | undefined;

afterEach(() => child?.kill("SIGKILL"));

/** The owner's name that another process gives itself. */
async function ownerFrom(program: string, args: string[]): Promise<string> {
  child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return String(line).trim();
}

/** `Z` is a process that has ended, and whose parent has not asked how. */
function stateOf(pid: string | undefined): string | undefined {
  return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}

describe("an owner is", () => {
  test("no orphan while its process lives, and one when it is gone", async () => {
    const owner = await ownerFrom(process.execPath, [...SCRIPT, LIVES_ON]);
    expect(isOrphaned(owner)).toBe(false);
    child?.kill("SIGKILL");
    await once(child as ChildProcess, "exit");
    expect(isOrphaned(owner)).toBe(true);
  });

  test("an orphan when its process has ended, and its parent looks away", async () => {
    const inattentive = '"$@" & exec sleep 60';
    const args = ["-c", inattentive, "sh", process.execPath, ...SCRIPT, PROGRAM];
    const owner = await ownerFrom("sh", args);
    const pid = owner.split("/")[4];
    await expect.poll(() => stateOf(pid)).toBe("Z");
    expect(isOrphaned(owner)).toBe(true);
  });

  test("an orphan when its process id is another process's by now", () => {
    const [start, ...rest] = newOwner().split("/").reverse();
    const earlier = [Number(start) - 1, ...rest].reverse().join("/");
    expect(isOrphaned(earlier)).toBe(true);
  });

  test("another one each time, by its first characters", () => {
    const [one, two] = [newOwner(), newOwner()];
    expect(one.slice(0, 8)).toMatch(/^[0-9a-f]{8}$/);
    expect(one.slice(0, 8)).not.toBe(two.slice(0, 8));
    expect([isOrphaned(one), isOrphaned(two)]).toEqual([false, false]);
  });

  test.each([
    ["of another host", { host: "elsewhere" }],
    ["from before the last boot", { boot: "00000000-0000-4000-8000-000000000000" }],
    ["of another container", { namespace: "1" }],
    ["without a process", { pid: "", began: "" }],
    ["of a process group", { pid: "-1" }],
    ["of a later form", { began: "1/1" }],
  ])("no orphan as far as anybody here can tell: %s", (_, but) => {
    const [uuid, host, boot, namespace] = newOwner().split("/");
    const here = { uuid, host, boot, namespace, pid: NOBODY, began: 1 };
    expect(isOrphaned(Object.values(here).join("/"))).toBe(true);
    expect(isOrphaned(Object.values({ ...here, ...but }).join("/"))).toBe(false);
  });

  test("no orphan when its name is a bare UUID", () => {
    expect(isOrphaned("00000000-0000-4000-8000-000000000000")).toBe(false);
  });
});
