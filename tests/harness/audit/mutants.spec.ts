/** An audit convicts each mutant of what it does wrong, and of nothing else. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { mutants } from "../../../fixtures/subjects/expected.ts";
import { isInstalled } from "../subjects/installed.ts";
import { expectEvidence, inShort, verdictOn } from "./verdict-on.ts";

const find = (name: string) => {
  const found = mutants.find((mutant) => mutant.name === name);
  if (!found) throw new Error(`There is no mutant ${name}`);
  return found;
};

test.for(mutants)("$name is convicted, in the trials that show it", async (mutant, { skip }) => {
  if (!isInstalled(mutant)) skip(`not applicable: \`${mutant.check.join(" ")}\` fails here`);
  const { shownBy: only, convictions } = mutant;
  const result = await verdictOn(mutant, { only, drain: "2s" });
  expect(inShort(result)).toEqual({
    outcome: "broken",
    exitCode: 1,
    convictions: [...convictions].sort(),
    doubts: [],
    missed: [],
  });
  expectEvidence(result);
});

const HELD = { outcome: "held", exitCode: 0, doubts: [], missed: [] };

test("duplicates that are allowed are told, and do not count", async () => {
  const mutant = find("mutants/not-idempotent");
  const result = await verdictOn(mutant, { only: mutant.shownBy, duplicates: "allow" });
  expect(inShort(result)).toEqual({ ...HELD, convictions: ["duplicated"] });
  expect(result.convictions[0]).toMatchObject({ allowed: true });
});

test("a worker under a supervisor may end, and is started again", async () => {
  const mutant = find("mutants/crashes-on-loss");
  const result = await verdictOn(mutant, { only: mutant.shownBy, exits: "allow" });
  expect(inShort(result)).toEqual({ ...HELD, convictions: [] });
});

test("a conviction that is accepted is told, and does not count", async () => {
  const mutant = find("mutants/unbounded-prefetch");
  const result = await verdictOn(mutant, { only: mutant.shownBy, allow: ["unbounded prefetch"] });
  expect(inShort(result)).toEqual({ ...HELD, convictions: ["unbounded prefetch"] });
});

test("a task that is dead-lettered though it could be done is told of, and convicts nobody", async () => {
  const { command, shownBy: only } = find("mutants/rejects-on-failure");
  const result = await verdictOn({ command }, { only });
  expect(inShort(result)).toEqual({ ...HELD, convictions: [] });
  expect(result.notes).toEqual([
    "In an effect that fails once, 1 task was dead-lettered, though the next try would have done it. Where nobody works off the dead-letter queue, requeue what failed for a moment, or send it round by a queue with a delay.",
  ]);
});

test("a worker that acks early loses the very task in the middle of which it is killed", async () => {
  const name = "SIGKILL, mid-task";
  const command = [process.execPath, join(import.meta.dirname, "acks-meanwhile.ts")] as const;
  const { convictions } = await verdictOn({ command }, { only: "KILL, mid-task" });
  const lost = convictions.find(({ kind }) => kind === "lost");
  expect(lost?.trials.toSorted()).toEqual([name, `${name}, with peers`]);
  expect(lost?.tasks).toHaveLength(1);
});
