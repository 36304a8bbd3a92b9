import { describe, expect, test } from "vitest";
import { type Annotation, annotationCommands } from "../../../harness/report/annotation.ts";
import { auditAnnotations } from "../../../harness/report/audit-annotations.ts";
import { suiteAnnotations } from "../../../harness/report/suite-annotations.ts";
import { aConviction, anAudit, brokenAudit, hostileAudit } from "./audit-results.ts";
import { aSpec } from "./specs.ts";
import { aReport, brokenSuite, hostileSuite, SECRET } from "./suite-results.ts";

const anError: Annotation = { kind: "error", title: "lost", message: "It is lost." };

describe("a workflow command", () => {
  test("has the place, the title and the message", () => {
    const annotation = { ...anError, file: "a.ts", line: 7 };
    expect(annotationCommands([annotation])).toEqual([
      "::error file=a.ts,line=7,title=lost::It is lost.",
    ]);
    expect(annotationCommands([anError])).toEqual(["::error title=lost::It is lost."]);
  });

  test("escapes what GitHub would read as its end, and nothing twice", () => {
    const title = "100%: a, b\r\nc%0A";
    const message = "100%: a, b\r\n::error::c%0A";
    expect(annotationCommands([{ ...anError, title, message, file: "a:b,c.ts" }])).toEqual([
      "::error file=a%3Ab%2Cc.ts,title=100%25%3A a%2C b%0D%0Ac%250A::100%25: a, b%0D%0A::error::c%250A",
    ]);
  });

  test("is no longer than what GitHub shows", () => {
    const endless = "x".repeat(1_000_000);
    const [command = ""] = annotationCommands([{ ...anError, title: endless, message: endless }]);
    expect(command.length).toBeLessThan(8_100);
    expect(command).toMatch(/x…::x+…$/);
  });

  test("stands for ten of a kind, and one tells of the rest", () => {
    const many = (count: number, kind: Annotation["kind"]) =>
      Array.from({ length: count }, (_, at) => ({ ...anError, kind, title: `${at}` }));
    const commands = annotationCommands([...many(10, "warning"), ...many(12, "error")]);
    expect(commands).toHaveLength(21);
    expect(commands[9]).toBe("::error title=9::It is lost.");
    expect(commands[10]).toBe(
      "::notice title=2 more errors::GitHub shows 10 annotations of a kind: 2 more errors can be read in the summary of the job.",
    );
    expect(commands.at(-1)).toBe("::warning title=9::It is lost.");
  });
});

describe("a suite", () => {
  test("has an error at the place of each failure, and a warning at that of what proved nothing", () => {
    const told = suiteAnnotations(brokenSuite());
    expect(told.map(({ kind, title, file, line }) => ({ kind, title, file, line }))).toEqual([
      {
        kind: "error",
        title: "BROKEN: A task is done · classic · RabbitMQ 4.3.6",
        file: "tests/guarantees/acknowledgement.spec.ts",
        line: 8,
      },
      {
        kind: "warning",
        title: "INCONCLUSIVE: A transient task is gone · classic · RabbitMQ 4.3.6",
        file: "tests/guarantees/durability.spec.ts",
        line: 40,
      },
      {
        kind: "error",
        title: "FAILED: A sink answers",
        file: "tests/harness/sink.test.ts",
        line: 9,
      },
      { kind: "error", title: "FAILED: outside of any test" },
    ]);
    expect(told[0]?.message).toMatch(
      /^3 published = 3 confirmed = 2 completed \+ 1 lost\ntask-2 is lost:\n .+\nAgain: npm run guarantees/s,
    );
    expect(told[1]?.message).toBe("The fault never landed.\nAgain: this");
  });

  test("that held has none", () => {
    const specs = [aSpec(), aSpec({ outcome: "not-applicable" })];
    expect(suiteAnnotations(aReport({ specs }))).toEqual([]);
  });

  test("tells the end of a long failure, too", () => {
    const lives = Array.from({ length: 500 }, (_, at) => `life ${at}`).join("\n");
    const specs = [aSpec({ outcome: "broken", failure: `BROKEN\n${lives}\nAgain: this` })];
    const [{ message = "" } = {}] = suiteAnnotations(aReport({ specs }));
    expect(message.split("\n")).toHaveLength(40);
    expect(message).toMatch(/more lines …\n.+\nAgain: this$/s);
  });
});

describe("an audit", () => {
  test("has an error for each conviction that counts", () => {
    const allowed = aConviction({ kind: "unbounded prefetch", allowed: true });
    const { convictions } = brokenAudit();
    const audit = { ...brokenAudit(), convictions: [...convictions, allowed] };
    const told = auditAnnotations(audit);
    expect(told.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
      "error ackproof: lost",
      "error ackproof: at risk",
    ]);
    expect(told[1]?.message).toBe(
      "In the first: worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done. (in 2 trials: no fault; SIGKILL, mid-task)\ntask-1:\n  +41.0 ms  published by publisher to tasks\n  +52.0 ms  acked by worker-1 (tag 1)",
    );
  });

  test("has a warning for each doubt, and none where it holds", () => {
    const doubts = ["One.\nprinted", "Two."];
    expect(auditAnnotations(anAudit({ outcome: "inconclusive", doubts }))).toEqual([
      { kind: "warning", title: "ackproof: INCONCLUSIVE", message: "One.\nprinted" },
      { kind: "warning", title: "ackproof: INCONCLUSIVE", message: "Two." },
    ]);
    expect(auditAnnotations(anAudit())).toEqual([]);
  });

  test("that is broken says so, whatever it is convicted of", () => {
    const [one] = auditAnnotations(anAudit({ outcome: "broken" }));
    expect(one).toMatchObject({ kind: "error", title: "ackproof: BROKEN" });
  });
});

test.each([
  ["a suite", () => suiteAnnotations(hostileSuite())],
  ["an audit", () => auditAnnotations(hostileAudit())],
])("hostile text of %s stays within its command, and holds no password", (_what, annotations) => {
  const commands = annotationCommands(annotations());
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) {
    expect(command).toMatch(/^::(error|warning) (\w+=[^:,]*)(,\w+=[^:,]*)*::/);
    expect(command).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(command).not.toContain(SECRET);
  }
});
