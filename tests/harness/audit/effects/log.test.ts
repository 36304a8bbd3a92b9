/** Effects that subjects tell of themselves, in a file each. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { logEffects } from "../../../../harness/audit/effects/log-effects.ts";
import { logged, sightOf } from "./sighted.ts";

async function collect(logs: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "ackproof-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(logs)) await writeFile(join(folder, name), text);
  const sight = sightOf(["task-1", "task-2"], {
    subjects: ["worker-1", "worker-2"],
    effectLog: (subject) => join(folder, subject),
  });
  await logEffects.collect(sight);
  return logged(sight);
}

test("each line is an effect of the subject whose log it is; a log that is not there has none", async () => {
  expect(await collect({ "worker-1": "task-1\r\ntask-2\r\n" })).toEqual([
    ["worker-1", "task-1"],
    ["worker-1", "task-2"],
  ]);
});

test.for([
  ["done task-1\n", 'has the line "done task-1", and no task has that id'],
  ["\n", 'has the line "", and no task has that id'],
  ["task-1\ntask", 'ends within a line ("task")'],
])("anything else in it is inconclusive: %j", async ([text = "", words]) => {
  const collected = collect({ "worker-2": text });
  await expect(collected).rejects.toThrow(words);
  await expect(collected).rejects.toMatchObject({ name: "Inconclusive" });
});
