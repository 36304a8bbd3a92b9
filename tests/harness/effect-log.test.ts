import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { History } from "../../harness/history/history.ts";
import { readEffectLog } from "../../harness/sink/effect-log.ts";

async function logged(text?: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "ackproof-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "worker.effects");
  if (text !== undefined) await writeFile(path, text);
  const history = new History();
  await readEffectLog(history, "worker", path);
  return history.events.flatMap((event) => (event.type === "effect-logged" ? [event.task] : []));
}

test("each line is an effect", async () => {
  expect(await logged("a\nb\na\n")).toEqual(["a", "b", "a"]);
});

test("a subject that logged nothing had no effect", async () => {
  expect(await logged("")).toEqual([]);
  expect(await logged()).toEqual([]);
});

test("a torn line is refused", async () => {
  await expect(logged("task-1\ntask-1")).rejects.toThrow('ends within a line ("task-1")');
});
