import { describe, expect, test } from "vitest";
import { auditJunit } from "../../../harness/report/audit-junit.ts";
import {
  aConviction,
  anAudit,
  aTrial,
  brokenAudit,
  control,
  habitualAudit,
  hostileAudit,
  notApplicable,
} from "./audit-results.ts";
import { endings, parsed } from "./parsed-xml.ts";

test("a broken audit", () => {
  expect(auditJunit(brokenAudit()).split("\n")).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="ackproof" tests="4" failures="2" errors="0" skipped="1" time="41.200">',
    '  <testsuite name="ackproof audit -- node worker.js" tests="4" failures="2" errors="0" skipped="1" time="41.200">',
    "    <properties>",
    '      <property name="headline" value="1 task was lost in 1 of 2 trials: `node worker.js` does not hold; besides, at risk."/>',
    '      <property name="broker" value="RabbitMQ 4.3.6 (rabbitmq:4.3)"/>',
    '      <property name="seed" value="7"/>',
    '      <property name="run" value=".ackproof/runs/20261122T100546-240a2c47"/>',
    '      <property name="rerun" value="npx ackproof audit --seed 7 -- node worker.js"/>',
    "    </properties>",
    '    <testcase classname="ackproof.control" name="no fault" time="0.850">',
    '      <failure type="at risk" message="worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.">20 published = 20 confirmed = 20 completed',
    "",
    "worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.",
    "task-1:",
    "  +41.0 ms  published by publisher to tasks",
    "  +52.0 ms  acked by worker-1 (tag 1)</failure>",
    "    </testcase>",
    '    <testcase classname="ackproof.worker-kill" name="SIGKILL, mid-task" time="1.234">',
    '      <failure type="lost" message="Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only after the effect is done.">20 published = 20 confirmed = 19 completed + 1 lost',
    "",
    "Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only after the effect is done.",
    "task-2:",
    "   +52.1 ms  published by publisher to tasks",
    "   +60.9 ms  confirmed to publisher",
    "   +61.0 ms  delivered to worker-1 (tag 1)",
    "   +92.6 ms  acked by worker-1 (tag 1)",
    "   +97.4 ms  effect asked for by worker-1",
    "  +103.0 ms  worker-kill of worker-1 (at mid-task)",
    "  +107.9 ms  effect abandoned by worker-1",
    "",
    "worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.</failure>",
    "    </testcase>",
    '    <testcase classname="ackproof.worker-kill" name="SIGKILL, publish-held" time="0.000">',
    '      <skipped message="The worker publishes nothing."/>',
    "    </testcase>",
    '    <testcase classname="ackproof.audit" name="the audit itself" time="0.000"/>',
    "  </testsuite>",
    "</testsuites>",
    "",
  ]);
});

describe("a test case", () => {
  test("is of the class of what was done to the worker", () => {
    const refusal = aTrial({ name: "b", fault: "none", adversity: "effect-refusal" });
    const cases = parsed(auditJunit(anAudit({ trials: [control, aTrial(), refusal] })))
      .filter(({ name }) => name === "testcase")
      .map(({ attributes }) => attributes.classname);
    expect(cases).toEqual([
      "ackproof.control",
      "ackproof.worker-kill",
      "ackproof.effect-refusal",
      "ackproof.audit",
    ]);
  });

  test("passes where a trial held, and where what it shows is allowed", () => {
    const convictions = [aConviction({ allowed: true })];
    const trials = [control, aTrial({ outcome: "broken" }), notApplicable];
    expect(endings(auditJunit(anAudit({ trials, convictions })))).toEqual([
      "no fault: passed",
      "SIGKILL, mid-task: passed",
      "SIGKILL, publish-held: skipped",
      "the audit itself: passed",
    ]);
  });

  test("passes where all that was found is a habit: the audit itself fails by that, once", () => {
    const xml = auditJunit(habitualAudit());
    expect(endings(xml)).toEqual([
      "no fault: passed",
      "SIGKILL, mid-task: passed",
      "the audit itself: failure",
    ]);
    expect(xml.match(/No prefetch limit\./g)).toHaveLength(1);
    expect(xml).toContain('<failure type="unbounded prefetch"');
  });

  test("errs where a trial proves nothing, even if it seems to show something", () => {
    const trials = [aTrial({ outcome: "inconclusive", reasons: ["No exit was seen."] })];
    const result = anAudit({ outcome: "broken", trials, convictions: [aConviction()] });
    expect(endings(auditJunit(result))[0]).toBe("SIGKILL, mid-task: error");
  });

  test("stands for the audit itself: one that proves nothing is not green", () => {
    const doubts = ["The planted loss was not seen."];
    const xml = auditJunit(anAudit({ outcome: "inconclusive", doubts }));
    expect(endings(xml)).toContain("the audit itself: error");
    expect(xml).toContain(
      '<error type="inconclusive" message="Nothing is proven about `node worker.js`: The planted loss was not seen.">The planted loss was not seen.\nplanted loss seen\n',
    );
  });

  test("of the audit itself fails by a conviction that no trial shows", () => {
    const convictions = [aConviction({ trials: [] })];
    const xml = auditJunit(anAudit({ outcome: "broken", convictions }));
    expect(endings(xml)).toContain("the audit itself: failure");
    expect(xml).toContain('<failure type="lost"');
  });

  test("of the audit itself fails where nothing else says that it is broken", () => {
    const xml = auditJunit(anAudit({ outcome: "broken" }));
    expect(endings(xml)).toContain("the audit itself: failure");
  });
});

test("the totals are those of its test cases", () => {
  const seen = parsed(auditJunit(brokenAudit()));
  const count = (name: string) => seen.filter((element) => element.name === name).length;
  const totals = { tests: `${count("testcase")}`, failures: `${count("failure")}` };
  expect(seen.slice(0, 2).map(({ attributes }) => attributes)).toEqual([
    expect.objectContaining(totals),
    expect.objectContaining(totals),
  ]);
});

test("hostile text is legal XML, and is read back as it is shown", () => {
  const seen = parsed(auditJunit(hostileAudit()));
  const shown = "\\x1b[2J\\x07\\n| `a` </pre></failure>]]><b>&\"'\\u202e\\x00\\ufffe\\ud800 *x*";
  const failure = seen.find(({ name }) => name === "failure");
  expect(failure?.attributes.message).toBe(shown);
  expect(failure?.text).toContain(
    `\n${shown}\n${shown}:\n  +1.0 ms  returned to publisher (312 ${shown})`,
  );
  expect(seen.find(({ attributes }) => attributes.name === "run")?.attributes.value).toBe(shown);
});

test("notes are the output of the audit itself, and what was printed has lines of its own", () => {
  const reasons = ["It failed\nand said so"];
  const trial = aTrial({ outcome: "inconclusive", reasons });
  const audit = anAudit({ outcome: "inconclusive", trials: [trial], notes: ["1 & more."] });
  const xml = auditJunit(audit);
  expect(xml).toContain('message="It failed">It failed\nand said so</error>');
  expect(xml).toContain("<system-out>1 &amp; more.</system-out>\n    </testcase>");
});
