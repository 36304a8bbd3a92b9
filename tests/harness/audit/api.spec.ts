/** An audit as a program runs it: what it returns, what it refuses, and that it ends when told. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getContainerRuntimeClient } from "testcontainers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { audit, SetupError, type TrialResult } from "../../../harness/index.ts";
import { OWNER_LABEL } from "../../../harness/reaper/reaper.ts";
import { ticks, until } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import "../../../harness/testing.ts";

const SUBJECTS = "fixtures/subjects";
const careful = [process.execPath, `${SUBJECTS}/amqplib/worker.ts`];
const folder = mkdtempSync(join(tmpdir(), "ackproof-api-"));

beforeAll(() => void vi.stubEnv("ACKPROOF_DIR", folder));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Containers that this process has started, the lanes' apart: those are the global setup's. */
async function ownContainers(): Promise<string[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const all = await dockerode.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  return all
    .filter(({ Labels }) => Labels[OWNER_LABEL]?.split("/")[4] === String(process.pid))
    .map(({ Id }) => Id);
}

/** Processes whose environment names this variable. */
function processesWith(variable: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(variable);
    } catch {
      return false; // It has ended.
    }
  });
}

test("an audit by code returns what it found, and tells each trial as it ends", async () => {
  const { image } = await laneBroker();
  const told: TrialResult[] = [];
  const result = await audit(
    { command: careful, broker: image, only: "SIGKILL, mid-task", tasks: 6, env: { OWN: "1" } },
    { onTrial: (trial) => told.push(trial) },
  );
  expect(result).toHold();
  expect(result).toLoseNothing();
  expect(result.broker.image).toBe(image);
  expect(result.trials).toEqual(told);
  expect(told.map(({ name }) => name)).toEqual(["control", "SIGKILL, mid-task"]);
  const again = (only: string) =>
    `npm run audit -- --env OWN=1 --broker ${image} --tasks 6 --seed 1 --only ${only} -- ${careful.join(" ")}`;
  expect(result.rerun).toBe(again("'SIGKILL, mid-task'"));
  const manifests = told.map(({ directory = "" }) => join(result.run, directory, "manifest.json"));
  expect(manifests.map((file) => JSON.parse(readFileSync(file, "utf8")).rerun)).toEqual([
    again("control"),
    result.rerun,
  ]);
  expect(existsSync(join(result.run, "audit.json"))).toBe(true);
  expect(await ownContainers()).toEqual([]);
});

test("one that is aborted in the middle ends with the signal's reason, and leaves nothing", async () => {
  const { image } = await laneBroker();
  const stop = new AbortController();
  const reason = new Error("enough");
  const mark = `API_SPEC=${process.pid}`;
  let containers: string[] = [];
  const abortWithAWorker = async () => {
    containers = await ownContainers();
    await until("a worker to run", ticks, () => processesWith(mark).length > 0);
    stop.abort(reason);
  };
  const aborted = audit(
    { command: careful, broker: image, env: { API_SPEC: String(process.pid) } },
    { signal: stop.signal, onTrial: abortWithAWorker },
  );
  await expect(aborted).rejects.toBe(reason);
  expect(containers).toHaveLength(2); // Or there would be nothing to leave.
  expect(await ownContainers()).toEqual([]);
  expect(processesWith(mark)).toEqual([]);
});

test("one that was aborted before does not begin", async () => {
  const reason = new Error("never");
  const aborted = audit({ command: careful }, { signal: AbortSignal.abort(reason) });
  await expect(aborted).rejects.toBe(reason);
});

test("settings that can't be used are all refused at once, whatever the environment says", async () => {
  const wrong = { command: careful, tasks: 0, drian: "5s" } as object;
  await expect(audit(wrong)).rejects.toThrow(
    new SetupError(
      "2 settings can't be used:\n" +
        "  drian in the settings is no setting: did you mean drain?\n" +
        "  tasks in the settings is a whole number from 1 to 10000, not 0.",
    ),
  );
});
