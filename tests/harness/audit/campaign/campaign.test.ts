/** The pure parts of a campaign: what is run, what is right, and how it is told. */
import { describe, expect, it } from "vitest";
import { correct, mutants } from "../../../../fixtures/subjects/expected.ts";
import { parseOptions } from "./options.ts";
import { type Attempt, argumentsOf, planOf } from "./plan.ts";
import { type Found, type Record, recordOf, recordOfFailure } from "./record.ts";
import { tableOf } from "./table.ts";

const attemptOf = (only: string, full = false): Attempt => {
  const [first] = planOf({ runs: 1, only, quick: true, full });
  if (!first) throw new Error(`There is no subject ${only}`);
  return first;
};

describe("A campaign's options", () => {
  it("are 20 runs of everything, two at a time, unless they say otherwise", () => {
    const usual = { runs: 20, only: "", quick: true, full: false, atATime: 2, out: undefined };
    const help = false;
    expect(parseOptions([])).toEqual({ ...usual, help });
    const given = ["--runs", "3", "--only", "acks", "--full", "--at-a-time", "1", "--out", "a"];
    given.push("--no-quick");
    expect(parseOptions(given)).toEqual({
      ...usual,
      ...{ runs: 3, only: "acks", quick: false, full: true, atATime: 1, out: "a", help },
    });
  });

  it("are refused where they make no sense", () => {
    expect(() => parseOptions(["--runs", "0"])).toThrow('--runs is a whole number from 1, not "0"');
    expect(() => parseOptions(["--at-a-time", "x"])).toThrow("--at-a-time is a whole number");
    expect(() => parseOptions(["--nonsense"])).toThrow("Usage: npm run campaign");
  });
});

describe("A campaign's plan", () => {
  it("has every subject once before any has its second audit", () => {
    const plan = planOf({ runs: 2, only: "", quick: true, full: false });
    const half = 2 * correct.length + mutants.length;
    expect(plan.map(({ run }) => run)).toEqual([
      ...Array.from({ length: half }, () => 1),
      ...Array.from({ length: half }, () => 2),
    ]);
  });

  it("audits a correct subject as a whole and quickly, and expects nothing", () => {
    const planned = (quick: boolean) =>
      planOf({ runs: 1, only: "ruby/worker", quick, full: false }).map(({ extent, expected }) => [
        extent,
        expected,
      ]);
    expect(planned(true)).toEqual([
      ["full", []],
      ["quick", []],
    ]);
    expect(planned(false)).toEqual([["full", []]]);
  });

  it("audits a mutant in the trials that show it, or as a whole, and expects what that has", () => {
    const shown = attemptOf("mutants/automatic-acks");
    expect([shown.extent, shown.expected]).toEqual(["shown", ["at risk", "automatic acks"]]);
    const full = attemptOf("mutants/automatic-acks", true);
    expect([full.extent, full.expected]).toEqual(["full", ["at risk", "automatic acks", "lost"]]);
  });

  it("is of audits as a user runs them", () => {
    const args = argumentsOf(attemptOf("mutants/rejects-on-failure"), "a.json").join(" ");
    expect(args).toMatch(
      /^--json a\.json --definitions \S+no-dead-letters\.json --only an effect that fails once -- \S+ \S+rejects-on-failure\.ts$/,
    );
    const quick = { ...attemptOf("cloudamqp"), extent: "quick" as const };
    expect(argumentsOf(quick, "a.json").join(" ")).toMatch(
      /^--json a\.json --quick -- \S+ \S+cloudamqp\/worker\.ts$/,
    );
  });
});

const found = (outcome: Found["outcome"], kinds: string[], doubts: string[] = []) =>
  ({
    ...{ outcome, doubts, milliseconds: 5_000, run: "runs/1" },
    convictions: kinds.map((kind) => ({ kind })),
  }) as unknown as Found;

describe("An audit is right", () => {
  const mutant = attemptOf("mutants/automatic-acks");
  const wrongOf = (one: Found, attempt = mutant) => recordOf(attempt, one).wrong;

  it("where it finds exactly what it has to", () => {
    const record = recordOf(mutant, found("broken", ["automatic acks", "at risk"]));
    expect(record).toEqual({
      ...{ name: "mutants/automatic-acks", extent: "shown", run: 1, right: true, wrong: [] },
      ...{ convictions: ["at risk", "automatic acks"], milliseconds: 5_000, directory: "runs/1" },
    });
    expect(wrongOf(found("held", []), attemptOf("ruby/worker"))).toEqual([]);
  });

  it("and wrong where it finds more, less, or has a doubt", () => {
    expect(wrongOf(found("broken", ["automatic acks", "at risk", "lost"]))).toEqual([
      "Convicted besides: lost.",
    ]);
    expect(wrongOf(found("broken", ["at risk"]))).toEqual(["Not convicted: automatic acks."]);
    expect(wrongOf(found("broken", ["automatic acks", "at risk"], ["x: late."]))).toEqual([
      "x: late.",
    ]);
    expect(wrongOf(found("inconclusive", [], ["x: late."]), attemptOf("ruby/worker"))).toEqual([
      "It is inconclusive, and not held.",
      "x: late.",
    ]);
    expect(recordOf(mutant, found("held", [])).right).toBe(false);
  });

  it("and wrong where it has no result", () => {
    const failure = recordOfFailure(mutant, "Exit code 3: no engine");
    expect(failure).toMatchObject({ right: false, wrong: ["Exit code 3: no engine"] });
  });
});

it("A campaign's table counts, tells what is wrong and where, and how long audits took", () => {
  const record = (name: string, extent: Record["extent"], but: Partial<Record> = {}): Record => ({
    ...{ name, extent, run: 1, right: true, wrong: [], convictions: [] },
    ...but,
  });
  const wrong = { run: 2, right: false, wrong: ["Convicted besides: lost."], directory: "runs/7" };
  expect(
    tableOf([
      record("b/worker", "full", { milliseconds: 40_000 }),
      record("b/worker", "full", { milliseconds: 60_000, ...wrong }),
      record("a/worker", "full", { milliseconds: 45_000 }),
      record("a/worker", "quick", { milliseconds: 21_000 }),
      record("mutants/m", "shown", { milliseconds: 9_000 }),
    ]),
  ).toBe(
    [
      "           audit  runs  right  wrong",
      "a/worker   full   1     1      0",
      "a/worker   quick  1     1      0",
      "b/worker   full   2     1      1",
      "mutants/m  shown  1     1      0",
      "",
      "✗ b/worker, full, run 2, in runs/7",
      "    Convicted besides: lost.",
      "",
      "full audits: median 45.0 s, longest 60.0 s",
      "quick audits: median 21.0 s, longest 21.0 s",
    ].join("\n"),
  );
});
