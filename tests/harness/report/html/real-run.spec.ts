/** A real experiment that fails leaves all that its report is made from. */
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { readRun } from "../../../../harness/report/html/read/run.ts";
import { experiment } from "../../../../harness/scenario/experiment.ts";
import { laneBroker } from "../../../../harness/vitest.ts";

test("the report tells what was declared, what was found, and what became of the message", async ({
  onTestFinished,
}) => {
  const broker = await laneBroker();
  const options = {
    broker,
    queueType: "quorum",
    title: "No task is lost",
    rerun: "again",
  } as const;
  const done = await experiment({ ...options, fault: "worker-kill" }, async ({ rig }) => {
    await rig.worker("suspect", { program: "acks-before-working.ts" });
    await rig.publish(5);
    await rig.until("the early ack", () => rig.seen.ackedBy("suspect").length === 1);
    await rig.kill("suspect", { at: "mid-task" });
    await rig.worker("successor");
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  });
  const run = done.run ?? "";
  onTestFinished(() => rmSync(run, { recursive: true, force: true }));

  const { outcome, sentence, account, missing, facts, charges, experiments } = readRun(run);
  expect({ outcome, sentence, missing }).toEqual({
    outcome: "broken",
    sentence: "Expected 5 completed, found 4.",
    missing: [],
  });
  expect(account).toEqual({ published: 5, confirmed: 5, completed: 4, lost: 1 });
  expect(charges[0]).toMatchObject({ kind: "lost", tasks: [{ experiment: 0, task: "task-1" }] });
  expect(facts.find(({ label }) => label === "image digest")?.value).toMatch(
    /^sha256:[0-9a-f]{64}$/,
  );
  const [{ lanes, faults, lives, logs } = expect.fail()] = experiments;
  expect(lanes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["broker", "suspect", "successor"]),
  );
  expect(faults).toMatchObject([
    { fault: "worker-kill", target: "suspect", evidence: expect.any(String) },
  ]);
  expect(lives[0]).toMatchObject({ task: "task-1", fate: "lost" });
  expect(logs.map(({ name, timed }) => [name, timed])).toContainEqual(["broker", true]);
  expect(logs.find(({ name }) => name === "broker")?.lines.length).toBeGreaterThan(0);
});
