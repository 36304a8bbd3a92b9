import { expect, test } from "vitest";
import { auditMarkdown } from "../../../harness/report/audit-markdown.ts";
import { aConviction, anAudit, brokenAudit, hostileAudit } from "./audit-results.ts";

test("a broken audit", () => {
  expect(auditMarkdown(brokenAudit()).split("\n")).toEqual([
    "## ✗ BROKEN: 1 task was lost in 1 of 2 trials: &#96;node worker.js&#96; does not hold; besides, at risk.",
    "",
    "| Conviction | What happened, and what to change | Where |",
    "|---|---|---|",
    "| **lost** | Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only after the effect is done. | in SIGKILL, mid-task |",
    "| **at risk** | In the first: worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done. | in 2 trials: no fault; SIGKILL, mid-task |",
    "",
    "<details><summary>What happened to the tasks</summary>",
    "",
    "**lost**",
    "",
    "<pre>    task-2:",
    "       +52.1 ms  published by publisher to tasks",
    "       +60.9 ms  confirmed to publisher",
    "       +61.0 ms  delivered to worker-1 (tag 1)",
    "       +92.6 ms  acked by worker-1 (tag 1)",
    "       +97.4 ms  effect asked for by worker-1",
    "      +103.0 ms  worker-kill of worker-1 (at mid-task)",
    "      +107.9 ms  effect abandoned by worker-1</pre>",
    "",
    "**at risk**",
    "",
    "<pre>    task-1:",
    "      +41.0 ms  published by publisher to tasks",
    "      +52.0 ms  acked by worker-1 (tag 1)</pre>",
    "",
    "</details>",
    "",
    "<details><summary>2 trials, 1 more not applicable</summary>",
    "",
    "| | Trial | Workers | What became of the tasks | Time |",
    "|---|---|--:|---|--:|",
    "| ✗ | no fault | 1 | 20 completed · at risk | 0.8 s |",
    "| ✗ | SIGKILL, mid-task | 2 | 19 completed + 1 lost · at risk | 1.2 s |",
    "| – | SIGKILL, publish-held | 2 | The worker publishes nothing. | 0.0 s |",
    "",
    "</details>",
    "",
    "RabbitMQ 4.3.6 (rabbitmq:4.3) · seed 7 · 41.2 s · planted loss seen; planted duplicate seen",
    "",
    "History: <code>.ackproof/runs/20261122T100546-240a2c47</code><br>",
    "Again: <code>npx ackproof audit --seed 7 -- node worker.js</code>",
    "",
  ]);
});

test("one that held is short, and what is allowed is told", () => {
  const allowed = aConviction({
    kind: "unbounded prefetch",
    sentence: "So.",
    life: [],
    allowed: true,
  });
  expect(
    auditMarkdown(anAudit({ convictions: [allowed] }))
      .split("\n")
      .slice(0, 7),
  ).toEqual([
    "## ✓ HELD: No task was lost or done twice in 2 trials with 1 fault: &#96;node worker.js&#96; holds.",
    "",
    "| Allowed | What happened, and what to change | Where |",
    "|---|---|---|",
    "| **unbounded prefetch** | So. | in SIGKILL, mid-task |",
    "",
    "<details><summary>2 trials, 1 more not applicable</summary>",
  ]);
});

test("where nobody saw effects, it says what completed means", () => {
  expect(auditMarkdown(anAudit({ observed: { effects: false } }))).toContain(
    ' · effects not observed: "completed" is what was acked, done or not · planted loss seen;',
  );
});

test("doubts are a list", () => {
  const doubts = ["One.", "Two."];
  expect(
    auditMarkdown(anAudit({ outcome: "inconclusive", doubts }))
      .split("\n")
      .slice(0, 4),
  ).toEqual([
    "## ? INCONCLUSIVE: Nothing is proven about &#96;node worker.js&#96;: One. (and 1 more doubt)",
    "",
    "- One.",
    "- Two.",
  ]);
});

test("hostile text is text, in a table, in code and in a folded life", () => {
  const lines = auditMarkdown(hostileAudit()).split("\n");
  const text =
    "&#92;x1b&#91;2J&#92;x07&#92;n&#124; &#96;a&#96; &#60;/pre&#62;&#60;/failure&#62;&#93;&#93;&#62;&#60;b&#62;&#38;\"'&#92;u202e&#92;x00&#92;ufffe&#92;ud800 &#42;x&#42;";
  expect(lines).toContain(`| **lost** | ${text} | in SIGKILL, mid-task |`);
  expect(lines).toContain(`- ${text.replace("&#92;n", "<br>")}`);
  expect(lines).toContain(`Again: <code>${text}</code>`);
  expect(lines).toContain(
    "      +1.0 ms  returned to publisher (312 \\x1b[2J\\x07\\n| `a` &#60;/pre&#62;&#60;/failure&#62;]]&#62;&#60;b&#62;&#38;\"'\\u202e\\x00\\ufffe\\ud800 *x*)</pre>",
  );
});

test("names of files keep their underscores, and emphasis has none", () => {
  const sentence = "_a_ in node_modules";
  const convictions = [aConviction({ sentence })];
  expect(auditMarkdown(anAudit({ outcome: "broken", convictions }))).toContain(
    "| &#95;a&#95; in node_modules |",
  );
});

test("notes are told under the doubts, and lines stay lines", () => {
  const notes = ["1 process still ran."];
  const audit = anAudit({ outcome: "inconclusive", doubts: ["It failed\n  and said so"], notes });
  const lines = auditMarkdown(audit).split("\n");
  const at = lines.indexOf("- It failed<br>  and said so");
  expect(lines.slice(at, at + 3)).toEqual([lines[at], "", "- 1 process still ran."]);
});
