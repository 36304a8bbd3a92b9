import { describe, expect, test } from "vitest";
import {
  aConviction,
  anAudit,
  aTrial,
  brokenAudit,
  control,
  notApplicable,
} from "./audit-results.ts";

const blind = { effects: false };
const doubled = { published: 20, confirmed: 20, completed: 19, duplicated: 1 };

describe("held", () => {
  test("says what did not happen, and counts only trials that proved it", () => {
    expect(anAudit().headline).toBe(
      "No task was lost or done twice in 2 trials with 1 fault: `node worker.js` holds.",
    );
    expect(anAudit({ trials: [control, notApplicable] }).headline).toBe(
      "No task was lost or done twice in 1 trial without a fault: `node worker.js` holds.",
    );
  });

  test("counts what a trial does on purpose among the faults, by whatever name", () => {
    const trials = [control, aTrial({ fault: "none", adversity: "effect-refusal" })];
    expect(anAudit({ trials }).headline).toBe(
      "No task was lost or done twice in 2 trials with 1 fault: `node worker.js` holds.",
    );
  });

  test("claims nothing about effects that nobody saw", () => {
    expect(anAudit({ observed: blind }).headline).toBe(
      "Deliveries accounted, effects not observed: nothing stands against `node worker.js` in 2 trials with 1 fault.",
    );
    const convictions = [aConviction({ kind: "unbounded prefetch", allowed: true })];
    expect(anAudit({ observed: blind, convictions }).headline).toBe(
      "Deliveries accounted, effects not observed: nothing but what is allowed stands against `node worker.js` in 2 trials with 1 fault.",
    );
  });

  test("claims nothing about duplicates that are allowed and happened", () => {
    const sentence =
      "No task was lost in 1 trial with 1 fault, though some were done more than once, as allowed: `node worker.js` holds.";
    expect(anAudit({ trials: [aTrial({ account: doubled })] }).headline).toBe(sentence);
    const convictions = [aConviction({ kind: "duplicated", allowed: true })];
    expect(anAudit({ trials: [aTrial()], convictions }).headline).toBe(sentence);
  });

  test("claims nothing about losses that are allowed and happened", () => {
    const kinds = ["at risk", "lost"] as const;
    const convictions = kinds.map((kind) => aConviction({ kind, allowed: true }));
    expect(anAudit({ convictions }).headline).toBe(
      "Nothing but what is allowed (lost and at risk) happened in 2 trials with 1 fault: `node worker.js` holds.",
    );
  });
});

describe("broken", () => {
  test("names the gravest conviction, in how many trials, and what else there is", () => {
    expect(brokenAudit().headline).toBe(
      "1 task was lost in 1 of 2 trials: `node worker.js` does not hold; besides, at risk.",
    );
  });

  test("counts the tasks of every trial that shows it, each task of a trial once", () => {
    const of = (...tasks: string[]) => [{ kind: "lost" as const, sentence: "Lost.", tasks }];
    const trials = [
      aTrial({ name: "a", convictions: [...of("1", "2"), ...of("2")] }),
      aTrial({ name: "b", convictions: of("1") }),
      aTrial({ name: "c" }),
    ];
    const convictions = [
      aConviction({ trials: ["a"] }),
      aConviction({ trials: ["b"] }),
      aConviction({ kind: "unbounded prefetch", allowed: true }),
    ];
    expect(anAudit({ outcome: "broken", trials, convictions }).headline).toBe(
      "3 tasks were lost in 2 of 3 trials: `node worker.js` does not hold.",
    );
  });

  test("of effects that nobody saw, it says so", () => {
    const convictions = [aConviction({ kind: "remaining", tasks: ["a", "b"] })];
    expect(anAudit({ outcome: "broken", observed: blind, convictions }).headline).toBe(
      "Deliveries accounted, effects not observed: 2 tasks were left in the queue in 1 of 2 trials: `node worker.js` does not hold.",
    );
  });
});

describe("inconclusive", () => {
  const inconclusive = (details: Parameters<typeof anAudit>[0]) =>
    anAudit({ outcome: "inconclusive", ...details }).headline;

  test("says why, and how many other doubts there are", () => {
    expect(inconclusive({ doubts: ["The planted loss was not seen."] })).toBe(
      "Nothing is proven about `node worker.js`: The planted loss was not seen.",
    );
    expect(inconclusive({ doubts: ["One.", "Two.", "Three."] })).toBe(
      "Nothing is proven about `node worker.js`: One. (and 2 more doubts)",
    );
  });

  test("takes the reason of a trial where the audit has none of its own", () => {
    const trials = [aTrial({ outcome: "inconclusive", reasons: ["No fault landed."] })];
    expect(inconclusive({ trials })).toBe(
      "Nothing is proven about `node worker.js`: SIGKILL, mid-task: No fault landed.",
    );
    expect(inconclusive({ trials: [] })).toBe(
      "Nothing is proven about `node worker.js`: no trial proved anything.",
    );
  });
});

test("the command is as one types it, and cut where it is long", () => {
  const headline = (...command: string[]) => anAudit({ command }).headline.split(": ").at(-1);
  expect(headline("sh", "-c", "echo it's")).toBe("`sh -c 'echo it'\\''s'` holds.");
  expect(headline("node", "x".repeat(80))).toBe(`\`node ${"x".repeat(55)}…\` holds.`);
});
