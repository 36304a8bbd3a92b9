/** Reports of runs as they lie on the disk: whole, cut off, foreign, or of many experiments. */
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { SetupError } from "../../../../harness/errors.ts";
import { judge } from "../../../../harness/ledger/ledger.ts";
import { compared } from "../../../../harness/report/html/read/compare.ts";
import { readRun } from "../../../../harness/report/html/read/run.ts";
import {
  keepReport,
  reportLine,
  reportLines,
  writeComparison,
  writeReport,
} from "../../../../harness/report/html/write.ts";
import type { SpecResult } from "../../../../harness/report/result.ts";
import { emptyReport } from "../../../../harness/report/run-report.ts";
import { aSpec } from "../specs.ts";
import { folder, loss, saveRun, well } from "./saved-run.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

const run = () => saveRun(join(folder(), "run-1"), { events: loss().events, logs: { broker: "" } });

test("the same run gives the same bytes, wherever it lies", () => {
  const [here, there] = [run(), run()].map((path) => readFileSync(writeReport(path)));
  expect(here).toEqual(there);
  expect(here?.toString()).toContain("default-src 'none'");
});

test("a single experiment: its verdict, account, charges and how to run it again", () => {
  expect(readRun(run())).toMatchObject({
    kind: "experiment",
    run: "run-1",
    outcome: "broken",
    sentence: expect.stringContaining("worker-1 acked 1 task (lost-1)"),
    account: { published: 2, confirmed: 2, completed: 1, lost: 1 },
    missing: [],
    charges: expect.arrayContaining([
      expect.objectContaining({ kind: "lost", tasks: [{ experiment: 0, task: "lost-1" }] }),
    ]),
    facts: expect.arrayContaining([
      { label: "RabbitMQ", value: "4.3.6" },
      { label: "image", value: "rabbitmq:4.3@sha256:0123" },
      { label: "seed", value: "7" },
      { label: "run it again", value: expect.stringContaining("npm run"), command: true },
    ]),
  });
});

test("what a spec declared, and missed, is its verdict", () => {
  const path = run();
  const failure = { outcome: "broken", reasons: ["The promise is broken."] };
  writeFileSync(join(path, "failure.json"), JSON.stringify(failure));
  expect(readRun(path)).toMatchObject({ outcome: "broken", sentence: "The promise is broken." });
});

describe("a run that is not whole says what is missing, and shows the rest", () => {
  test("a history that was cut off", () => {
    const path = run();
    const file = join(path, "history.ndjson");
    truncateSync(file, statSync(file).size - 20);
    const { missing, experiments } = readRun(path);
    expect(missing).toEqual([
      expect.stringMatching(/ends in the middle of line \d+: it was cut off/),
    ]);
    expect(experiments[0]?.lives).toHaveLength(2);
  });

  test("foreign lines within it", () => {
    const path = run();
    const file = join(path, "history.ndjson");
    writeFileSync(file, `hello\n[]\n${readFileSync(file, "utf8")}`);
    expect(readRun(path).missing).toEqual([
      "Of the history, 2 lines are no event and left out, the first at 1.",
    ]);
  });

  test.each([
    ["history.ndjson", "There is no history.ndjson: no message can be told."],
    ["manifest.json", "There is no manifest.json."],
    ["verdict.json", "There is no verdict.json. The history was judged again."],
    ["logs", "There are no logs."],
  ])("no %s", (name, sentence) => {
    const path = run();
    rmSync(join(path, name), { recursive: true });
    const { missing, account } = readRun(path);
    expect(missing).toEqual([sentence]);
    expect(account).toMatchObject({ lost: 1 });
  });

  test.each(["{", "[]", '"text"', "null", "{}", '{"fates": 3}'])("a verdict of %s", (text) => {
    const path = run();
    writeFileSync(join(path, "verdict.json"), text);
    const { missing, account } = readRun(path);
    expect(missing.join()).toContain("judged again");
    expect(account).toMatchObject({ lost: 1 });
  });

  test.each(["{", "[]", "null", '{"title": 3, "broker": 4, "startedAt": {}}'])(
    "a manifest of %s",
    (text) => {
      const path = run();
      writeFileSync(join(path, "manifest.json"), text);
      expect(readRun(path).account).toMatchObject({ lost: 1 });
    },
  );

  test("an empty history", () => {
    const path = run();
    writeFileSync(join(path, "history.ndjson"), "");
    expect(readRun(path).missing).toEqual(["The history is empty: the run ended before it began."]);
  });
});

test("what is no run at all is refused", () => {
  const empty = folder();
  expect(() => readRun(join(empty, "nowhere"))).toThrow(SetupError);
  expect(() => readRun(empty)).toThrow(/is no run directory/);
});

test("a run that has just ended keeps its result though its report can't be written", () => {
  const nowhere = join(folder(), "nowhere");
  expect(keepReport(nowhere)).toMatch(/There is no report of .*nowhere/);
  expect(reportLine(nowhere)).toBe(keepReport(nowhere));
  expect(reportLines(nowhere)).toEqual([]);
});

test("a report that is written is named, as a path from here", () => {
  const path = saveRun(join(folder(), "run"), { events: well(1).events });
  const line = reportLine(path);
  expect(line).toBe(`Report: ${relative(process.cwd(), join(path, "report.html"))}`);
  expect(reportLines(path)).toEqual([line]);
});

describe("an audit", () => {
  function auditOf(content: unknown): string {
    const path = join(folder(), "audit-1");
    mkdirSync(path);
    saveRun(join(path, "trials", "00-control"), {
      events: well(3).events,
      manifest: { title: "control" },
    });
    saveRun(join(path, "trials", "01-kill"), {
      events: loss().events,
      manifest: { title: "SIGKILL" },
    });
    writeFileSync(
      join(path, "audit.json"),
      typeof content === "string" ? content : JSON.stringify(content),
    );
    return path;
  }
  const { convictions, account } = judge(loss().events);
  const trial = {
    name: "SIGKILL",
    fault: "worker-kill",
    moment: "mid-task",
    workers: 1,
    outcome: "broken",
    reasons: [],
    account,
    convictions,
    directory: "trials/01-kill",
    milliseconds: 5,
  };
  const result = {
    outcome: "broken",
    headline: "1 task was lost.",
    command: ["node", "w.js"],
    broker: { version: "4.3.6", image: "rabbitmq:4.3" },
    settings: { queueType: "classic" },
    trials: [trial],
    convictions: [{ ...convictions[0], trials: ["SIGKILL"], life: [], allowed: false }],
    seed: 3,
    rerun: "npx ackproof audit",
  };

  test("leads from what went wrong to the message and its trial", () => {
    const data = readRun(auditOf(result));
    expect(data).toMatchObject({ kind: "audit", outcome: "broken", sentence: "1 task was lost." });
    expect(data.experiments.map(({ title }) => title)).toEqual(["SIGKILL", "control"]);
    expect(data.charges[0]).toMatchObject({ tasks: [{ experiment: 0, task: "lost-1" }] });
    expect(data.table?.rows).toMatchObject([
      { family: "worker-kill", title: "SIGKILL", cells: [{ outcome: "broken", experiment: 0 }] },
    ]);
  });

  test("names what a trial did on purpose, also where that was no fault", () => {
    const others = [
      { ...trial, fault: "none", adversity: "effect-refusal" },
      { ...trial, fault: "none", adversity: "a surprise" },
    ];
    const { table } = readRun(auditOf({ ...result, trials: others }));
    expect(table?.rows.map(({ family }) => family)).toEqual(["effect-refusal", "no fault"]);
  });

  test.each(["{", "{}", '{"outcome": "unfinished", "headline": "This audit has no result."}'])(
    "with the result %s shows its trials",
    (text) => {
      const data = readRun(auditOf(text));
      expect(data).toMatchObject({ outcome: "unfinished", sentence: "This audit has no result." });
      expect(data.experiments.map(({ title }) => title)).toEqual(["control", "SIGKILL"]);
    },
  );
});

describe("a suite", () => {
  const on = (version: string, but: Partial<SpecResult> = {}): SpecResult =>
    aSpec({ broker: { image: `rabbitmq:${version}`, version }, ...but });

  function suiteOf(...specs: SpecResult[]): string {
    const path = join(folder(), "suite-1");
    mkdirSync(path);
    writeFileSync(join(path, "results.json"), JSON.stringify({ ...emptyReport(), specs }));
    return path;
  }

  test("is a row for each promise, a column for each broker and type of queue", () => {
    const data = readRun(
      suiteOf(
        on("4.0.5"),
        on("4.3.6", { queueType: "quorum" }),
        on("4.3.6", { queueType: "classic" }),
      ),
    );
    expect(data.table?.columns).toEqual([
      { broker: "4.3.6", queueType: "classic" },
      { broker: "4.3.6", queueType: "quorum" },
      { broker: "4.0.5", queueType: on("4.0.5").queueType },
    ]);
    expect(data.table?.rows).toHaveLength(1);
    expect(data).toMatchObject({ outcome: "held", sentence: "All 3 experiments held." });
  });

  test("leads from a promise that broke to its history", () => {
    const data = readRun(suiteOf(on("4.3.6", { outcome: "broken", run: run() }), on("4.3.6")));
    expect(data.sentence).toBe("Of 2 experiments, 1 broke its promise; 1 held.");
    const alone = readRun(suiteOf(on("4.3.6", { outcome: "broken" })));
    expect(alone.sentence).toBe("Of 1 experiment, 1 broke its promise; 0 held.");
    expect(data.experiments).toHaveLength(1);
  });

  test("says which history is gone", () => {
    const data = readRun(suiteOf(on("4.3.6", { outcome: "broken", run: "/nowhere" })));
    expect(data.missing).toEqual([expect.stringContaining("is no longer there")]);
  });

  test("of the whole suite stays under 2 MB", () => {
    const specs = Array.from({ length: 600 }, (_, n) =>
      on(n % 2 ? "4.3.6" : "4.0.5", {
        promise: `${n >> 2} ${"a promise of some length ".repeat(4)}`,
      }),
    );
    expect(statSync(writeReport(suiteOf(...specs))).size).toBeLessThan(2_000_000);
  });

  test("compared with another names what changed, and only that", () => {
    const before = readRun(suiteOf(on("4.0.5", { promise: "A" }), on("4.0.5", { promise: "B" })));
    const after = readRun(
      suiteOf(on("4.3.6", { promise: "A" }), on("4.3.6", { promise: "B", outcome: "broken" })),
    );
    const { sentence, outcome, table } = compared(before, after);
    expect(sentence).toBe("1 of 2 answers changed; the worst is broken.");
    expect(outcome).toBe("broken");
    expect(table?.columns.map(({ side, broker }) => `${side} ${broker}`)).toEqual([
      "before 4.0.5",
      "after 4.3.6",
    ]);
    expect(table?.rows.map(({ title, changed = false }) => [title, changed])).toEqual([
      ["A", false],
      ["B", true],
    ]);
    expect(compared(before, before).sentence).toBe("Nothing changed: all 2 answers are the same.");
  });

  test("is compared by files, too", () => {
    const to = join(folder(), "compared.html");
    writeComparison(suiteOf(on("4.0.5")), suiteOf(on("4.3.6")), to);
    expect(readFileSync(to, "utf8")).toContain("Nothing changed");
  });
});
