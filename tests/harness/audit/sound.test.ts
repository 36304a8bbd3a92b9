/** What a trial's verdict counts for: never against the worker where the witnesses disagree. */
import { expect, test } from "vitest";
import { soundConvictions, trialOutcome } from "../../../harness/audit/sound.ts";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { story } from "../ledger/history-builder.ts";

const judged = (told: ReturnType<typeof story>) => {
  const ledger = new Ledger();
  for (const event of told.events) ledger.add(event);
  return ledger.verdict({ convictions: "all" });
};

const kinds = (...args: Parameters<typeof soundConvictions>) =>
  soundConvictions(...args).map(({ kind }) => kind);

test("without a verdict there is nothing", () => {
  expect(soundConvictions(undefined, false)).toEqual([]);
  expect(trialOutcome(undefined, [], [])).toBe("inconclusive");
});

test("a task that remains counts, unless the course broke off", () => {
  const verdict = judged(story().stores("a").drains("tasks", "a"));
  expect(verdict.outcome).toBe("broken");
  expect(kinds(verdict, false)).toEqual(["remaining"]);
  expect(kinds(verdict, true)).toEqual([]);
  expect(trialOutcome(verdict, soundConvictions(verdict, false), [])).toBe("broken");
  expect(trialOutcome(verdict, [], ["it broke off"])).toBe("inconclusive");
});

test("a lost task counts even where the course broke off", () => {
  const verdict = judged(story().stores("a").drains());
  expect(kinds(verdict, true)).toEqual(["lost"]);
  expect(trialOutcome(verdict, soundConvictions(verdict, true), ["it broke off"])).toBe("broken");
});

test("nothing counts where the witnesses contradict each other", () => {
  const verdict = judged(story().stores("a", "b").works("worker-1", "a").drains("tasks", "a"));
  expect(verdict.contradictions).not.toEqual([]);
  expect(verdict.convictions).not.toEqual([]);
  expect(soundConvictions(verdict, false)).toEqual([]);
  expect(trialOutcome(verdict, [], verdict.reasons)).toBe("inconclusive");
});

test("a habit is of the whole audit, and breaks no trial of it", () => {
  const habitual = () => story().consumes("worker-1", { prefetch: 0 }).stores("a", "b");
  const well = judged(habitual().works("worker-1", "a", "b").drains());
  const habit = soundConvictions(well, false);
  expect([well.outcome, ...habit.map(({ kind }) => kind)]).toEqual([
    "broken",
    "unbounded prefetch",
  ]);
  expect(trialOutcome(well, habit, [])).toBe("held");
  expect(trialOutcome(well, habit, ["it broke off"])).toBe("inconclusive");
  const lossy = judged(habitual().works("worker-1", "a").drains());
  expect(trialOutcome(lossy, soundConvictions(lossy, false), [])).toBe("broken");
});

test("a trial in which all went well holds, unless something speaks against it", () => {
  const verdict = judged(story().stores("a").works("worker-1", "a").drains());
  expect(trialOutcome(verdict, [], [])).toBe("held");
  expect(trialOutcome(verdict, [], ["it broke off"])).toBe("inconclusive");
});
