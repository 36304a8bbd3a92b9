import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../../harness/explore/plan/command.ts";
import { readSavedRun, saveRun } from "../../../harness/explore/saved-run.ts";
import { specText } from "../../../harness/explore/spec-text.ts";

const PLAN: Plan = [
  { do: "declare", terms: { type: "quorum", durable: true, ttl: 30 } },
  {
    do: "publish",
    count: 12,
    batch: 5,
    persistent: true,
    confirmed: true,
    mandatory: false,
    priority: 1,
  },
  { do: "consume", who: "c1", prefetch: 1, noAck: false },
  { do: "answer", who: "c1", how: "requeue", count: 1 },
  { do: "broker", harm: "kill" },
];

const ACCUSATION = {
  rule: "fate",
  task: "task-1",
  sentence: "task-1 is lost, and may be completed.",
  docs: "https://www.rabbitmq.com/docs/reliability",
} as const;

const SAVED = {
  seed: "1.1",
  number: 3,
  broker: { image: "rabbitmq:4.3", version: "4.3.6" },
  plan: PLAN,
  drawn: [...PLAN, { do: "open" }] as Plan,
  accusations: [ACCUSATION],
  repeated: { broken: 3, of: 3 },
};

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "explore-"));
  process.env.ACKPROOF_DIR = root;
  mkdirSync(join(root, "runs/found"), { recursive: true });
});
afterAll(() => {
  delete process.env.ACKPROOF_DIR;
  rmSync(root, { recursive: true });
});

const file = () => join(root, "runs/found/exploration.json");

test("a find is read as it was kept, by its directory or its name", () => {
  saveRun(join(root, "runs/found"), SAVED, "a spec");
  expect(readSavedRun("found")).toEqual({ generator: 1, ...SAVED });
  expect(readSavedRun(join(root, "runs/found"))).toEqual({ generator: 1, ...SAVED });
  expect(readFileSync(join(root, "runs/found/found.spec.ts"), "utf8")).toBe("a spec");
});

test.each([
  [
    "of another version",
    JSON.stringify({ generator: 2 }),
    /written by version 2 .* this is version 1/,
  ],
  ["that was cut off", '{"generator": 1, "pl', /it was cut off, or something else wrote it/],
  [
    "with other commands",
    JSON.stringify({ generator: 1, plan: [{ do: "fly" }] }),
    /commands that there are not/,
  ],
])("a file %s is refused", (_, text, message) => {
  writeFileSync(file(), text);
  expect(() => readSavedRun("found")).toThrow(message);
});

test("a directory without a find is refused", () => {
  expect(() => readSavedRun("elsewhere")).toThrow(/There is no exploration.json in elsewhere/);
});

test("a find becomes a spec in the suite's own verbs", () => {
  const fates = { lost: ["task-1"], remaining: [] };
  expect(specText({ plan: PLAN, accusations: [ACCUSATION], fates })).toBe(`\
/** Found by \`ackproof explore\`: task-1 is lost, and may be completed. */
import { expect } from "vitest";
import { finding } from "../../harness/vitest.ts";

finding(
  "task-1 is lost, and may be completed.",
  { docs: "https://www.rabbitmq.com/docs/reliability", fault: "broker-kill", queues: ["quorum"] },
  async ({ rig }) => {
    await rig.declare("tasks", {"type":"quorum","durable":true,"arguments":{"x-message-ttl":30},"discards":["ttl"]});
    for (let n = 0; n < 2; n++) await rig.publish(5, {"persistent":true,"confirmed":true,"properties":{"mandatory":false,"priority":1}});
    await rig.publish(2, {"persistent":true,"confirmed":true,"properties":{"mandatory":false,"priority":1}});
    const c1 = await rig.consumer("c1", { prefetch: 1, noAck: false });
    await c1.take(1);
    for (const task of rig.seen.unackedBy("c1").slice(0, 1)) c1.reject(task, { requeue: true });
    await rig.registered();
    await rig.broker.restart("SIGKILL");
    expect(await rig.fates()).toEqual({"lost":["task-1"]});
  },
);
`);
});
