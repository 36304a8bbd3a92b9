import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What a harness starts on the engine carries this label; its value is the owner. */
export const OWNER_LABEL = "org.ackproof.harness";

/**
 * A name for what this process is about to start on the engine. It begins with a UUID, and tells
 * the process behind it: `<uuid>/<host>/<boot>/<namespace>/<pid>/<start>`. A process id alone is
 * given again to another process, and is another process on another host or in another container.
 *
 * Where the operating system does not tell (it needs Linux's `/proc`), the name is the UUID alone.
 */
export function newOwner(): string {
  const began = startOf(process.pid);
  const known = surroundings();
  if (began === undefined || known === undefined) return randomUUID();
  return [randomUUID(), known, process.pid, began].join("/");
}

/**
 * Is the process behind this name certain to be gone? Of a name from another host, from before this
 * one was booted, from another container or of an unknown form, nobody can tell: false.
 */
export function isOrphaned(owner: string): boolean {
  const [, host, boot, namespace, pid, began, ...more] = owner.split("/");
  if (began === undefined || more.length > 0) return false;
  if ([host, boot, namespace].join("/") !== surroundings()) return false;
  return /^[1-9]\d*$/.test(pid ?? "") && !isAlive(Number(pid), began);
}

/** Where a process id means what it means here; undefined where nothing tells. */
function surroundings(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const [namespace] = readlinkSync("/proc/self/ns/pid").match(/\d+/) ?? [];
    return namespace && [hostname(), boot, namespace].join("/");
  } catch {
    return undefined;
  }
}

function isAlive(pid: number, began: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const found = startOf(pid);
  return found === undefined || found === began;
}

/** States of a process that has ended, and that its parent has not noticed yet. */
const ENDED = ["Z", "X"];

/** When a process began, in the clock's ticks since the boot; `ended`, or undefined if untold. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in the second field may contain spaces and parentheses. The state is the third
    // field, the start the 22nd.
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return ENDED.includes(state) ? "ended" : fields[18];
  } catch {
    return undefined;
  }
}
