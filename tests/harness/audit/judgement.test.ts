/** What an audit makes of its trials: each wrong once, the gravest first, and the outcome. */
import { describe, expect, it, test } from "vitest";
import {
  type Charge,
  chargesOf,
  convictionsOf,
  doubtsOf,
  outcomeOf,
} from "../../../harness/audit/judgement.ts";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import type {
  AuditConviction,
  SelfCheck,
  TrialResult,
} from "../../../harness/report/audit-result.ts";
import type { Rig } from "../../../harness/scenario/rig.ts";
import { story } from "../ledger/history-builder.ts";

const charge = (kind: Charge["kind"], trial: string, but: Partial<Charge> = {}): Charge => ({
  kind,
  trial,
  sentence: `${kind} in ${trial}`,
  tasks: [`${trial}-1`],
  life: [`the life of ${trial}-1`],
  ...but,
});

describe("a charge", () => {
  const ledger = new Ledger();
  for (const event of story().stores("a", "b").works("worker-1", "b").drains().events) {
    ledger.add(event);
  }
  const rig = { life: (task: string) => ledger.life(task) } as unknown as Rig;
  const livesOf = (tasks: string[]) =>
    chargesOf("control", [{ kind: "lost", sentence: "Lost.", tasks }], rig);

  it("has the life of its first task", () => {
    const [found] = livesOf(["b", "a"]);
    expect(found).toMatchObject({ trial: "control", kind: "lost", tasks: ["b", "a"] });
    expect(found?.life.join("\n")).toContain("acked by worker-1 (tag 1)");
  });

  it("tells for which other task its worker was struck", () => {
    const struck = new Ledger();
    const told = story().stores("a", "b").delivers("a", "w").delivers("b", "w");
    for (const event of told.injects("worker-kill", "w", "mid-task", "b").events) struck.add(event);
    const of = { life: (task: string) => struck.life(task) } as unknown as Rig;
    const [found] = chargesOf("one", [{ kind: "lost", sentence: "Lost.", tasks: ["a"] }], of);
    expect(found?.life.at(-1)).toContain("worker-kill of w (at mid-task of b)");
  });

  it("has none where it is about no task", () => {
    expect(livesOf([])).toEqual([
      { trial: "control", kind: "lost", sentence: "Lost.", tasks: [], life: [] },
    ]);
  });
});

describe("convictions", () => {
  it("are the gravest first, each kind once, as its first trial tells it", () => {
    const charges = [
      charge("unbounded prefetch", "one"),
      charge("at risk", "one"),
      charge("unbounded prefetch", "two"),
      charge("lost", "two"),
      charge("at risk", "one", { sentence: "again, by another worker" }),
    ];
    expect(convictionsOf(charges, new Set(["at risk"]))).toEqual([
      { ...told("lost", "two"), trials: ["two"], allowed: false },
      { ...told("at risk", "one"), trials: ["one"], allowed: true },
      { ...told("unbounded prefetch", "one"), trials: ["one", "two"], allowed: false },
    ]);
  });

  function told(kind: Charge["kind"], trial: string) {
    const { trial: _, ...rest } = charge(kind, trial);
    return rest;
  }
});

describe("doubts", () => {
  const trial = (name: string, outcome: TrialResult["outcome"], ...reasons: string[]) =>
    ({ name, outcome, reasons }) as TrialResult;
  const check = (outcome: SelfCheck["outcome"], sentence: string): SelfCheck => ({
    planted: "loss",
    outcome,
    sentence,
  });

  it("are what the self-check missed, and what each unproven trial could not show", () => {
    const trials = [
      trial("control", "held", "of no matter"),
      trial("reset", "broken", "a conviction's sentence"),
      trial("kill", "inconclusive", "nobody died.", "nothing flowed."),
      trial("alarm", "not-applicable", "the broker is yours"),
    ];
    const checks = [check("seen", "It was seen."), check("missed", "It was not seen.")];
    const other = check("not-applicable", "effects are not observed");
    expect(doubtsOf(trials, [...checks, other])).toEqual([
      "It was not seen.",
      "kill: nobody died.",
      "kill: nothing flowed.",
    ]);
  });
});

describe("the outcome is", () => {
  const lost: AuditConviction = {
    ...charge("lost", "control"),
    trials: ["control"],
    allowed: false,
  };
  const allowed = { ...lost, allowed: true };

  test.for<[string, AuditConviction[], string[], string]>([
    ["held where nothing is wrong", [], [], "held"],
    ["held where what is wrong is allowed", [allowed], [], "held"],
    ["broken by one conviction that is not allowed", [allowed, lost], [], "broken"],
    ["broken, whatever else could not be shown", [lost], ["doubt"], "broken"],
    ["inconclusive where something could not be shown", [], ["doubt"], "inconclusive"],
    ["inconclusive, though something is allowed", [allowed], ["doubt"], "inconclusive"],
  ])("%s", ([, convictions, doubts, outcome]) => {
    expect(outcomeOf(convictions, doubts)).toBe(outcome);
  });
});
