import { readFileSync } from "node:fs";

const KIB = 1024;

/**
 * The most memory that this process has held so far, in bytes.
 *
 * On Linux `resourceUsage().maxRSS` is no witness: a child starts with the peak of the process
 * that spawned it. The kernel's own high-water mark begins with the program.
 */
export function peakMemory(): number {
  return highWaterMark() ?? process.resourceUsage().maxRSS * KIB;
}

function highWaterMark(): number | undefined {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    return found ? Number(found[1]) * KIB : undefined;
  } catch {
    return undefined; // Not Linux.
  }
}
