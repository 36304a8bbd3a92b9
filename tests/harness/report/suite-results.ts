import { emptyReport, type RunReport } from "../../../harness/report/run-report.ts";
import { HOSTILE } from "./audit-results.ts";
import { aSpec, aTest } from "./specs.ts";

/** What a lost task's spec says when it fails. */
export const FAILURE = [
  "BROKEN: A task is done · classic",
  "task-2 is lost:",
  "   +52.1 ms  published by publisher to tasks",
  "   +92.6 ms  acked by worker-1 (tag 1)",
  "History: .ackproof/runs/lost",
  'Again: npm run guarantees -- -t "A task is done" --queue classic',
  "  - Expected",
  "",
  "    {",
  '  +   "lost": 1,',
  "    }",
].join("\n");

export function aReport(details: Partial<RunReport> = {}): RunReport {
  return { ...emptyReport(), time: { boot: 4000, wall: 41_200 }, ...details };
}

/** What belongs to no test has no place. */
const { line: _line, ...stray } = aTest({
  file: "",
  name: "outside of any test",
  outcome: "failed",
  failure: "FAILED: outside of any test\nError: stray",
});

/** One of each: what held, broke, proved nothing, did not apply; tests that passed and did not. */
export function brokenSuite(): RunReport {
  const specs = [
    aSpec({
      outcome: "broken",
      account: { published: 3, confirmed: 3, completed: 2, lost: 1 },
      reasons: ["expected { completed: 2 } to deeply equal { completed: 3 }"],
      failure: FAILURE,
      run: ".ackproof/runs/lost",
    }),
    aSpec({ queueType: "quorum" }),
    aSpec({
      kind: "limit",
      family: "durability",
      file: "tests/guarantees/durability.spec.ts",
      line: 40,
      promise: "A transient task is gone",
      outcome: "inconclusive",
      reasons: ["The fault never landed."],
      failure:
        "INCONCLUSIVE: A transient task is gone · classic\ninconclusive: The fault never landed.\nAgain: this",
      notes: ["one\ntwo"],
    }),
    aSpec({
      family: "durability",
      file: "tests/guarantees/durability.spec.ts",
      line: 60,
      promise: "A task | is kept",
      outcome: "not-applicable",
      account: {},
      reasons: ["no disks"],
    }),
  ];
  const tests = [
    aTest(),
    aTest({ name: "A sink is skipped", outcome: "skipped", reason: "no engine" }),
    aTest({
      name: "A sink answers",
      line: 9,
      outcome: "failed",
      failure:
        "FAILED: tests/harness/sink.test.ts > A sink answers\nexpected 1 to be 2\n  at x:9:1",
    }),
    stray,
  ];
  return aReport({ passed: 2, failed: 4, skipped: 2, specs, tests });
}

const COMMANDS = "::error::pwned\n  ::warning title=x::pwned\n##[error]pwned";
export const SECRET = "s3cr3t";

/** Everything that others wrote is hostile, or has no end. */
export function hostileSuite(): RunReport {
  const text = `${HOSTILE}\r\n${COMMANDS}\namqp://me:${SECRET}@host --password ${SECRET}`;
  const endless = `task-${"9".repeat(1_000_000)} \n`.repeat(2);
  const failure = `BROKEN: ${text}\n${text}\n${endless}\nHistory: here`;
  const broken = aSpec({
    outcome: "broken",
    promise: text,
    family: text,
    file: text,
    docs: text,
    notes: [text],
    figures: [text],
    reasons: [text, endless],
    failure,
    run: text,
    broker: { image: text, version: text },
  });
  const failed = { outcome: "failed" as const, failure, image: text, project: text };
  return aReport({
    passed: 0,
    failed: 2,
    skipped: 1,
    specs: [broken, { ...broken, outcome: "not-applicable" }],
    tests: [
      aTest({ name: text, file: text, ...failed }),
      aTest({ outcome: "skipped", reason: text }),
    ],
  });
}
