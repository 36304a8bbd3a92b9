/** An audit's result, made of what was found, and kept. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Benches } from "../../../harness/audit/benches.ts";
import { conclude, leftovers } from "../../../harness/audit/conclusion.ts";
import type { AuditConfig } from "../../../harness/audit/config/audit-config.ts";
import type { Court } from "../../../harness/audit/court.ts";
import type { Charge } from "../../../harness/audit/judgement.ts";
import type { Findings } from "../../../harness/audit/proceedings.ts";
import { resolveCode } from "../../../harness/audit/resolve-code.ts";
import { beginRun } from "../../../harness/audit/unfinished.ts";
import type { TrialResult } from "../../../harness/report/audit-result.ts";
import { runsRoot } from "../../../harness/scenario/run-directory.ts";

// The page is the report's own matter, and takes a second to make.
const { unwritten } = vi.hoisted(() => ({ unwritten: vi.fn<() => string | undefined>() }));
vi.mock("../../../harness/report/html/write.ts", () => ({ keepReport: unwritten }));

const RUN = "20260101T000000-audit";

/** Runs are kept in a folder of the test's own. */
function ownFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), "ackproof-"));
  vi.stubEnv("ACKPROOF_DIR", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
}

const twice: Charge = {
  kind: "duplicated",
  sentence: "Duplicated: 1 task (a).",
  tasks: ["a"],
  trial: "control",
  life: ["published"],
};

function concluded(config: Partial<AuditConfig>, found: Partial<Findings> = {}, isGiven = false) {
  ownFolder();
  const resolved = resolveCode({ command: ["node", "worker.js"], seed: 7, ...config });
  const court = { options: resolved.options, effects: { sees: true }, run: RUN } as Court;
  const broker = { version: "4.3.6", image: "rabbitmq:4.3", isGiven };
  const benches = { shared: { broker } } as unknown as Benches;
  beginRun(RUN, resolved);
  const findings = { trials: [], charges: [], selfChecks: [], left: [], ...found };
  const result = conclude(resolved, court, benches, findings, 1234.6);
  return { result, kept: kept() };
}

function kept(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(runsRoot(), RUN, "audit.json"), "utf8"));
}

describe("A result", () => {
  it("is kept as it is, with what it takes to run it again", () => {
    const { result, kept } = concluded({});
    expect(kept).toEqual(JSON.parse(JSON.stringify(result)));
    expect(result).toMatchObject({
      outcome: "held",
      command: ["node", "worker.js"],
      broker: { version: "4.3.6", image: "rabbitmq:4.3" },
      observed: { effects: true },
      convictions: [],
      doubts: [],
      seed: 7,
      milliseconds: 1235,
      run: expect.stringMatching(new RegExp(`runs/${RUN}$`)),
    });
    expect(result.rerun).toContain("--seed 7");
    expect(result.headline).toContain("node worker.js");
    expect(relative(process.cwd(), result.run)).not.toBe(""); // From the working directory.
  });

  it("names a broker that is given by its URL, without the password", () => {
    const { result } = concluded({ broker: "amqp://user:secret@host/vhost" }, {}, true);
    expect(result.broker).toEqual({
      version: "4.3.6",
      url: expect.stringMatching(/^amqp:\/\/user.*@host\/vhost$/),
    });
    expect(JSON.stringify(result)).not.toContain("secret");
  });

  it("has no password in its command either", () => {
    const command = ["worker", "amqp://user:secret@host"];
    expect(JSON.stringify(concluded({ command }).result)).not.toContain("secret");
  });

  it.each<[string, Partial<AuditConfig>, string, boolean]>([
    ["counts", {}, "broken", false],
    ["counts where something else is accepted", { allow: ["lost"] }, "broken", false],
    ["is allowed where duplicates are", { duplicates: "allow" }, "held", true],
    ["is allowed where it is accepted by name", { allow: ["duplicated"] }, "held", true],
  ])("a conviction %s", (_what, config, outcome, allowed) => {
    const { result } = concluded(config, { charges: [twice] });
    const { trial, ...rest } = twice;
    expect(result.outcome).toBe(outcome);
    expect(result.convictions).toEqual([{ ...rest, trials: [trial], allowed }]);
  });

  it("is inconclusive where the self-check saw nothing, and says so first", () => {
    const missed = { planted: "loss", outcome: "missed", sentence: "It was not seen." } as const;
    const { result } = concluded({}, { selfChecks: [missed] });
    expect(result).toMatchObject({
      outcome: "inconclusive",
      doubts: ["It was not seen."],
      selfChecks: [missed],
    });
    expect(result.headline).toContain("It was not seen.");
  });
});

describe("What is good to know besides", () => {
  it("is noted: what was left running, put aside or dropped", () => {
    const trials = [
      { name: "an effect that fails once", account: { parked: 2 } } as TrialResult,
      { name: "a task that can't be done", account: { discarded: 1 } } as TrialResult,
    ];
    const { result } = concluded({}, { left: [{ trial: "control", count: 1 }], trials });
    expect(result.notes).toEqual([
      expect.stringContaining("1 process that it had started still ran, in control."),
      expect.stringContaining("In an effect that fails once, 2 tasks were dead-lettered"),
      expect.stringContaining("In a task that can't be done, 1 task was acked undone"),
    ]);
    expect(result.outcome).toBe("held");
    expect(concluded({}).result.notes).toEqual([]);
    unwritten.mockReturnValueOnce("There is no report.");
    expect(concluded({}).result.notes).toEqual(["There is no report."]);
  });
});

describe("A result that there is not", () => {
  it("is said from the beginning, until there is one", () => {
    ownFolder();
    const resolved = resolveCode({ command: ["worker", "amqp://user:secret@host"] });
    beginRun(RUN, resolved);
    expect(kept()).toMatchObject({
      outcome: "unfinished",
      headline: "This audit has no result. It is under way, or was killed.",
      rerun: expect.stringContaining("--seed 1"),
    });
    expect(JSON.stringify(kept())).not.toContain("secret");
  });
});

describe("What is left running", () => {
  const left = (...counts: number[]) =>
    leftovers({
      ...{ trials: [], charges: [], selfChecks: [] },
      left: counts.map((count, index) => ({ trial: `trial ${index + 1}`, count })),
    });

  it.each<[number[], string[]]>([
    [[], []],
    [[1], ["1 process that it had started still ran, in trial 1."]],
    [[2, 5, 3], ["5 processes that it had started still ran, in trial 1; trial 2; trial 3."]],
  ])("%j is noted once", (counts, words) => {
    expect(left(...counts)).toEqual(
      words.map(
        (what) =>
          `When the worker had ended, ${what} The audit killed what was left; a deployment may not.`,
      ),
    );
  });
});
