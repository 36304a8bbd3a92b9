import { readFileSync } from "node:fs";
import { cpus, hostname, totalmem } from "node:os";

/** Where a run comes from: which one it is, wherever it is copied to, and the machine it ran on. */
export interface Origin {
  /** The name that its directory was made with. */
  run: string;
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
export const ORIGIN = "origin.json";

export function originOf(run: string): Origin {
  const [first, ...others] = cpus();
  return {
    run,
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
