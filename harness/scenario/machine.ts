import { readFileSync } from "node:fs";
import { cpus, hostname, totalmem } from "node:os";

/** The machine that a run took place on, as far as a reader of several wants to know. */
export interface Machine {
  /** The version of this program. */
  ackproof: string;
  host: string;
  platform: string;
  /** `2 × AMD EPYC` */
  processors: string;
  /** Bytes. */
  memory: number;
  node: string;
}

/** The name under which it is kept in a run's directory. */
export const MACHINE = "machine.json";

export function thisMachine(): Machine {
  const [first, ...others] = cpus();
  return {
    ackproof: ownVersion(),
    host: hostname(),
    platform: `${process.platform} ${process.arch}`,
    processors: `${others.length + 1} × ${first?.model.trim() ?? "unknown"}`,
    memory: totalmem(),
    node: process.version,
  };
}

export function ownVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return JSON.parse(manifest).version;
}
