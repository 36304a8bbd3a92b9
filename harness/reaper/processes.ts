import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The environment variable by which the processes of one subject are known, whatever they become. */
export const MARK = "ACKPROOF_SUBJECT";

export interface Process {
  pid: number;
  /** The pid of its group's leader. */
  group: number;
  /** As the operating system abbreviates it; `T` for one that is stopped. */
  state: string;
}

/** States of a process that has ended, and that its parent has not noticed yet. */
const ENDED = ["Z", "X"];

/** Every process of this machine, or of this container, that has not ended. */
export function processes(): Process[] {
  const all = fromKernel() ?? fromTool();
  return all.filter(({ state }) => !ENDED.includes(state));
}

/**
 * The processes that were started with this mark in their environment, and all that those have
 * started, whatever group they are in now. One that was given another environment is not among
 * them. None where the operating system has no `/proc` to tell.
 */
export function marked(mark: string): Process[] {
  return (fromKernel() ?? []).filter(
    ({ pid, state }) => !ENDED.includes(state) && bears(pid, `${MARK}=${mark}`),
  );
}

/** SIGKILL of every process that bears a mark, and of what they start meanwhile. */
export function killMarked(mark: string): void {
  const killed = new Set<number>();
  // What is killed while it forks leaves a child behind, which the second look finds.
  for (let idle = 0; idle < 2; idle++) {
    for (const { pid } of marked(mark)) {
      if (!killed.has(pid)) idle = 0;
      killed.add(pid);
      signalIfThere(pid, "SIGKILL");
    }
  }
}

/** Signals a process, or a whole group by its leader's negative pid. @returns whether it is there. */
export function signalIfThere(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    return false;
  }
}

/** As Linux tells; undefined elsewhere. */
function fromKernel(): Process[] | undefined {
  if (!existsSync("/proc/self/stat")) return undefined;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => statOf(Number(pid)) ?? []);
}

function fromTool(): Process[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,pgid=,state="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [pid, group, state = ""] = line.trim().split(/\s+/);
    return pid ? [{ pid: Number(pid), group: Number(group), state: state.slice(0, 1) }] : [];
  });
}

function statOf(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in the second field may contain spaces and parentheses.
    const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid, group: Number(group), state };
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

function bears(pid: number, variable: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(variable);
  } catch {
    return false; // It has ended, or is another user's.
  }
}
