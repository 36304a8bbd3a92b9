import { describe, expect, test } from "vitest";
import { auditSummary } from "../../../harness/report/audit-summary.ts";
import {
  aConviction,
  anAudit,
  aTrial,
  auditOfHistories,
  brokenAudit,
  control,
  HOSTILE,
  habitualAudit,
  hostileAudit,
} from "./audit-results.ts";
import { page, painted } from "./specs.ts";

test("a habit is told once, and marks no trial", () => {
  const lines = auditSummary(habitualAudit(), page()).split("\n");
  expect(lines.filter((line) => /^[✗✓]/.test(line))).toEqual([
    "✗ unbounded prefetch, in 2 trials: no fault; SIGKILL, mid-task",
    "✓ no fault                 1  20 completed",
    "✓ SIGKILL, mid-task        2  20 completed",
  ]);
  expect(lines[0]).toBe(
    "BROKEN: A consumer had no prefetch limit in 2 of 2 trials: `node worker.js` does not hold.",
  );
});

test("an audit that held", () => {
  expect(auditSummary(anAudit(), page()).split("\n")).toEqual([
    "HELD: No task was lost or done twice in 2 trials with 1 fault: `node worker.js` holds.",
    "",
    "trials               workers  account",
    "✓ no fault                 1  20 completed",
    "✓ SIGKILL, mid-task        2  20 completed",
    "– not applicable: SIGKILL, publish-held: The worker publishes nothing.",
    "",
    "self-check  planted loss seen; planted duplicate seen",
    "",
    "RabbitMQ 4.3.6 (rabbitmq:4.3), seed 7, 41.2 s",
    "History: .ackproof/runs/20261122T100546-240a2c47",
    "Again: npx ackproof audit --seed 7 -- node worker.js",
  ]);
});

test("its page is named beside its history", () => {
  const lines = auditSummary(anAudit(), page(), ["Report: here/report.html"]).split("\n");
  expect(lines.slice(-3)).toEqual([
    "History: .ackproof/runs/20261122T100546-240a2c47",
    "Report: here/report.html",
    "Again: npx ackproof audit --seed 7 -- node worker.js",
  ]);
});

test("a broken one tells its convictions, each with a life, on 80 columns", () => {
  expect(auditSummary(brokenAudit(), page(80)).split("\n")).toEqual([
    "BROKEN: 1 task was lost in 1 of 2 trials: `node worker.js` does not hold;",
    "besides, at risk.",
    "",
    "✗ lost, in SIGKILL, mid-task",
    "  Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only",
    "  after the effect is done.",
    "    task-2:",
    "       +52.1 ms  published by publisher to tasks",
    "       +60.9 ms  confirmed to publisher",
    "       +61.0 ms  delivered to worker-1 (tag 1)",
    "       +92.6 ms  acked by worker-1 (tag 1)",
    "       +97.4 ms  effect asked for by worker-1",
    "      +103.0 ms  worker-kill of worker-1 (at mid-task)",
    "      +107.9 ms  effect abandoned by worker-1",
    "",
    "✗ at risk, in 2 trials: no fault; SIGKILL, mid-task",
    "  In the first: worker-1 acked 20 tasks before the effect was done: a death in",
    "  between loses what the broker has already forgotten. Ack only after the effect",
    "  is done.",
    "    task-1:",
    "      +41.0 ms  published by publisher to tasks",
    "      +52.0 ms  acked by worker-1 (tag 1)",
    "",
    "trials               workers  account",
    "✗ no fault                 1  20 completed · at risk",
    "✗ SIGKILL, mid-task        2  19 completed + 1 lost · at risk",
    "– not applicable: SIGKILL, publish-held: The worker publishes nothing.",
    "",
    "self-check  planted loss seen; planted duplicate seen",
    "",
    "RabbitMQ 4.3.6 (rabbitmq:4.3), seed 7, 41.2 s",
    "History: .ackproof/runs/20261122T100546-240a2c47",
    "Again: npx ackproof audit --seed 7 -- node worker.js",
  ]);
});

test("an inconclusive one tells its doubts, and what it could not see", () => {
  const result = anAudit({
    outcome: "inconclusive",
    trials: [aTrial({ outcome: "inconclusive", reasons: ["No exit was seen."] })],
    doubts: ["The planted loss of task-7 was not seen.", "Another doubt."],
    selfChecks: [
      { planted: "loss", outcome: "missed", sentence: "Nothing convicted it." },
      { planted: "duplicate", outcome: "not-applicable", sentence: "Nobody sees effects." },
    ],
  });
  expect(auditSummary(result, page()).split("\n").slice(0, -4)).toEqual([
    "INCONCLUSIVE: Nothing is proven about `node worker.js`: The planted loss of task-7 was not seen. (and 1 more doubt)",
    "",
    "trials               workers  account",
    "? SIGKILL, mid-task        2  No exit was seen.",
    "",
    "doubt       The planted loss of task-7 was not seen.",
    "doubt       Another doubt.",
    "self-check  planted loss not seen (Nothing convicted it); planted duplicate not possible (Nobody sees effects)",
  ]);
});

test("a doubt that a trial's row tells is not told again", () => {
  const trials = [aTrial({ outcome: "inconclusive", reasons: ["No exit was seen."] })];
  const doubts = ["SIGKILL, mid-task: No exit was seen.", "Another."];
  const text = auditSummary(anAudit({ outcome: "inconclusive", trials, doubts }), page());
  expect(text.match(/^doubt .*$/gm)).toEqual(["doubt       Another."]);
});

test("where nobody saw effects, it says what completed means", () => {
  const remark =
    '\n\neffects     not observed: "completed" is what was acked, done or not\nself-check';
  expect(auditSummary(anAudit({ observed: { effects: false } }), page())).toContain(remark);
  expect(auditSummary(anAudit(), page())).not.toContain("not observed");
});

test("what is allowed is told below the trials, without a life", () => {
  const sentence = "worker-1 started 1 consumer without a prefetch limit.";
  const trials = ["a", "b", "c", "d", "e"];
  const allowed = aConviction({ kind: "unbounded prefetch", sentence, trials, allowed: true });
  const text = auditSummary(anAudit({ convictions: [allowed] }), page());
  expect(text).toContain(
    `\n\nallowed     unbounded prefetch, in 5 trials: a; b; c and 2 more. In the first: ${sentence}\nself-check`,
  );
  expect(text).not.toContain("task-2");
});

test("a long life whose lines all tell as much is cut in the middle", () => {
  const life = Array.from({ length: 14 }, (_, at) => `  +${10 + at}.0 ms  event ${at + 1}`);
  const result = anAudit({ outcome: "broken", convictions: [aConviction({ life })] });
  expect(auditSummary(result, page()).split("\n").slice(4, 15)).toEqual([
    "    task-2:",
    "      +10.0 ms  event 1",
    "      +11.0 ms  event 2",
    "      +12.0 ms  event 3",
    "      +13.0 ms  event 4",
    "      … 5 more …",
    "      +19.0 ms  event 10",
    "      +20.0 ms  event 11",
    "      +21.0 ms  event 12",
    "      +22.0 ms  event 13",
    "      +23.0 ms  event 14",
  ]);
  const told = (events: number) => {
    const convictions = [aConviction({ life: life.slice(0, events) })];
    const text = auditSummary(anAudit({ outcome: "broken", convictions }), page());
    return text.split("\n").filter((line) => /^ {6}\S/.test(line)).length;
  };
  expect([9, 10, 11, 12].map(told)).toEqual([9, 10, 10, 10]);
});

test("a life that convicts twice is told once", () => {
  const convictions = [aConviction(), aConviction({ kind: "at risk", sentence: "Early." })];
  const lines = auditSummary(anAudit({ outcome: "broken", convictions }), page()).split("\n");
  expect(lines.filter((line) => line.includes("effect abandoned"))).toHaveLength(1);
});

test("colours mark the verdict and the convictions, and lives stand back", () => {
  const lines = auditSummary(brokenAudit(), painted).split("\n");
  expect([lines[0], lines[2], lines[4], lines[5]]).toEqual([
    "<red>BROKEN: 1 task was lost in 1 of 2 trials: `node worker.js` does not hold; besides, at risk.</>",
    "<red>✗ lost</>, in SIGKILL, mid-task",
    "<dim>    task-2:</>",
    "<dim>       +52.1 ms  published by publisher to tasks</>",
  ]);
});

describe("on a page", () => {
  const long = aTrial({
    name: "channel closed by the broker, between the effect and its ack, with peers",
    account: { published: 2000, confirmed: 2000, completed: 1500, duplicated: 400, remaining: 100 },
    outcome: "broken",
  });

  test.each([60, 80, 120])("of %i columns no line is wider", async (columns) => {
    const histories = await auditOfHistories(["lost", "duplicated", "remaining", "unexpected"]);
    const result = { ...histories, trials: [control, long, ...histories.trials] };
    const lines = auditSummary(result, page(columns)).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test("of 60 columns, names and accounts are wrapped within theirs", () => {
    const text = auditSummary(anAudit({ trials: [control, long] }), page(60));
    expect(text.split("\n").slice(4, 10)).toEqual([
      "trials                      workers  account",
      "✓ no fault                        1  20 completed",
      "✗ channel closed by the           2  1500 completed +",
      "  broker, between the                400 duplicated +",
      "  effect and its ack, with           100 remaining",
      "  peers",
    ]);
  });
});

test("hostile text is seen, and does nothing", () => {
  const text = auditSummary(hostileAudit(), page());
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).not.toContain(HOSTILE);
  expect(text).toContain("    \\x1b[2J\\x07\\n| `a` </pre></failure>]]><b>&\"'\\u202e\\x00");
});

test("a note is told, and what was printed is told in lines", () => {
  const reason = "The probe failed: ./ask\nIt said:\n  no table";
  const trial = aTrial({ outcome: "inconclusive", reasons: [reason], account: {} });
  const audit = anAudit({
    outcome: "inconclusive",
    trials: [trial],
    doubts: [`${trial.name}: ${reason}`],
    notes: ["When the worker had ended, 1 process still ran."],
  });
  const lines = auditSummary(audit, page()).split("\n");
  expect(lines[0]).toBe(
    "INCONCLUSIVE: Nothing is proven about `node worker.js`: SIGKILL, mid-task: The probe failed: ./ask",
  );
  expect(lines).toContain("? SIGKILL, mid-task        2  The probe failed: ./ask");
  const doubt = lines.indexOf("doubt       SIGKILL, mid-task: The probe failed: ./ask");
  expect(lines.slice(doubt + 1, doubt + 4)).toEqual([
    "            It said:",
    "              no table",
    "note        When the worker had ended, 1 process still ran.",
  ]);
});
