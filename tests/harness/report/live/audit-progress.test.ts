/** What a person sees of an audit that takes its time. */
import { expect, test } from "vitest";
import { AuditProgress } from "../../../../harness/report/live/audit-progress.ts";
import { aTrial, control, notApplicable } from "../audit-results.ts";

function watching() {
  let now = 5_000;
  const progress = new AuditProgress(() => now);
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { progress, pass };
}

const named = (name: string, details = {}) => aTrial({ name, ...details });
const planned = (name: string, details = {}) => ({ ...named(name), ...details });

test("before there is a plan, the broker boots", () => {
  const { progress, pass } = watching();
  expect(progress.lines).toEqual(["audit  waiting for the broker · 0 s"]);
  pass(61_500);
  expect(progress.lines).toEqual(["audit  waiting for the broker · 1 min 1 s"]);
});

test("each trial that runs is there with its fault, its moment and its time, until it ends", () => {
  const { progress, pass } = watching();
  const killed = planned("SIGKILL, mid-task", { workers: 1 });
  const restart = planned("broker restarts", { fault: "broker-stop", moment: "now", alone: true });
  progress.plans([control, killed, restart], 3);
  progress.begins(control);
  expect(progress.lines).toEqual([
    "audit  0 of 3 trials · 0 s",
    "   0 s  no fault · 1 worker · no fault",
  ]);
  progress.ends(control);
  progress.tells(control);
  pass(1_000);
  progress.begins(killed);
  pass(3_000);
  progress.begins(restart);
  expect(progress.lines).toEqual([
    "audit  1 of 3 trials · 4 s · 1 held · 20 tasks",
    "   3 s  SIGKILL, mid-task · 1 worker · worker-kill at mid-task",
    "   0 s  broker restarts · 2 workers · broker-stop",
  ]);
});

test("what is done to a worker has its name also where it is no fault", () => {
  const { progress } = watching();
  const refusal = planned("an effect that fails once", {
    ...{ fault: "none", adversity: "effect-refusal", moment: "now", workers: 1 },
  });
  progress.plans([refusal], 1);
  progress.begins(refusal);
  expect(progress.lines[1]).toBe("   0 s  an effect that fails once · 1 worker · effect-refusal");
});

test("what has ended is counted by how it ended, and what has not by nothing", () => {
  const { progress } = watching();
  const trials = [
    control,
    named("a", { outcome: "broken" }),
    named("b", { outcome: "broken" }),
    named("c", { outcome: "inconclusive", account: {} }),
    notApplicable,
  ];
  progress.plans([...trials, planned("still to come")], 1);
  for (const trial of trials) progress.tells(trial);
  expect(progress.lines[0]).toContain("4 of 5 trials");
  expect(progress.lines[0]).toContain("· 1 held, 2 broken, 1 inconclusive, 1 n/a · 60 tasks");
});

test("what the audit plants itself is seen, and not counted", () => {
  const { progress } = watching();
  const plant = planned("self-check: a planted loss", { fault: "early-ack", moment: "delivered" });
  progress.plans([control], 1);
  progress.begins(plant);
  expect(progress.lines).toEqual([
    "audit  0 of 1 trial · 0 s",
    "   0 s  self-check: a planted loss · 2 workers · early-ack at delivered",
  ]);
  progress.ends(plant);
  expect(progress.lines).toHaveLength(1);
});

test("the time left is what the trials that ended took, by as many as run at a time", () => {
  const { progress } = watching();
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  progress.plans(
    names.map((name) => planned(name)),
    2,
  );
  progress.tells(named("a", { milliseconds: 10_000 }));
  expect(progress.lines[0]).toBe("audit  1 of 8 trials · 0 s · 1 held · 20 tasks"); // Too early.
  progress.tells(named("b", { milliseconds: 20_000 }));
  expect(progress.lines[0]).toContain("· 0 s, about 45 s left ·"); // 6 of 15 s, by two.
});

test("time that is spent on what runs is not left any more, and what is late claims nothing", () => {
  const { progress, pass } = watching();
  progress.plans(
    ["a", "b", "c"].map((name) => planned(name)),
    1,
  );
  progress.tells(named("a", { milliseconds: 20_000 }));
  progress.tells(named("b", { milliseconds: 20_000 }));
  progress.begins(planned("c"));
  pass(5_000);
  expect(progress.lines[0]).toContain("· 5 s, about 15 s left ·");
  pass(60_000);
  expect(progress.lines[0]).toContain("· 1 min 5 s · 2 held");
});

test("what needs a broker to itself can't be done side by side", () => {
  const { progress } = watching();
  const alone = ["x", "y", "z"].map((name) => planned(name, { alone: true }));
  progress.plans([planned("a"), planned("b"), ...alone], 3);
  progress.tells(named("a", { milliseconds: 1_000 }));
  progress.tells(named("x", { milliseconds: 30_000 }));
  expect(progress.lines[0]).toContain("about 60 s left"); // y and z, one after the other.
});

test("a trial that is not applicable took no time, and tells nothing of the others", () => {
  const { progress } = watching();
  progress.plans(
    ["a", "b", "c"].map((name) => planned(name)),
    1,
  );
  progress.tells(named("a", { milliseconds: 10_000 }));
  progress.tells({ ...notApplicable, name: "b" });
  expect(progress.lines[0]).not.toContain("left");
});
