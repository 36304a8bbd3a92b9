import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { RunDirectory } from "../../../harness/scenario/run-directory.ts";
import type { SoakOptions } from "../../../harness/soak/options.ts";
import { ownPrograms } from "../../../harness/soak/programs.ts";
import { type SoakResult, soak, type Watcher } from "../../../harness/soak/soak.ts";
import { laneBroker } from "../../../harness/vitest.ts";

const FIXTURES = join(import.meta.dirname, "../../../fixtures/soak");

/** A program among the soak's fixtures. */
export function program(file: string, ...args: string[]): [string, ...string[]] {
  return [process.execPath, join(FIXTURES, file), ...args];
}

export interface Soaked extends SoakResult {
  directory: RunDirectory;
}

/** A run directory that is removed when the test is over. */
export async function openDirectory(): Promise<RunDirectory> {
  const root = mkdtempSync(join(tmpdir(), "ackproof-soak-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  process.env.ACKPROOF_DIR = root;
  const { image, version } = await laneBroker();
  const directory = RunDirectory.create("run", {
    title: "a soak",
    rerun: "nothing",
    fault: "none",
    soak: {},
    broker: { image, version },
    node: process.version,
    startedAt: new Date().toISOString(),
  });
  delete process.env.ACKPROOF_DIR;
  return directory;
}

/** A soak of correct programs without kills, unless told otherwise. */
export async function soaked(
  options: Partial<SoakOptions> & { messages: number },
  watcher: Partial<Watcher> = {},
  directory?: RunDirectory,
): Promise<Soaked> {
  const broker = await laneBroker();
  const kept = directory ?? (await openDirectory());
  const usual = { seed: 1, workerKills: 0, brokerKills: 0, queueType: "classic" } as const;
  const all = { ...usual, programs: ownPrograms(), ...options };
  const { signal } = new AbortController();
  const result = await soak(all, { broker }, kept, { signal, ...watcher });
  return { ...result, directory: kept };
}

/** How often each task was done, by the workers' own record. */
export function effectsIn(directory: RunDirectory): Map<string, number> {
  const logs = join(directory.path, "logs");
  const times = new Map<string, number>();
  for (const file of readdirSync(logs).filter((name) => name.endsWith(".effects"))) {
    const lines = readFileSync(join(logs, file), "utf8").split("\n").slice(0, -1);
    for (const task of lines) times.set(task, (times.get(task) ?? 0) + 1);
  }
  return times;
}
