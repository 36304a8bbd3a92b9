import { describe, expect, test } from "vitest";
import { guaranteeDocument } from "../../../harness/report/document.ts";
import type { SpecResult } from "../../../harness/report/result.ts";
import { onVersion } from "./specs.ts";

const ABOUT = { date: "2026-01-31", node: "24.1.0", amqplib: "2.3.1", articles: [] };
const lines = (specs: SpecResult[]) => guaranteeDocument(specs, ABOUT).split("\n");

const powerLoss = (version: string, details: Partial<SpecResult> = {}) =>
  onVersion(version, {
    family: "power-loss",
    promise: "A task is there after a power cut",
    file: "tests/disasters/power-loss.spec.ts",
    ...details,
  });

describe("disasters", () => {
  const all = lines([...onVersion("4.3.6"), ...powerLoss("4.3.6")]);

  test("are a part of their own, behind the guarantees", () => {
    const headings = all.filter((line) => /^##+ /.test(line)).slice(0, 6);
    expect(headings).toEqual([
      "## All promises",
      "### Acknowledgement",
      "#### A task is done",
      "## Disasters",
      "### Power loss",
      "#### A task is there after a power cut",
    ]);
  });

  test("are not in a document without any", () => {
    expect(lines(onVersion("4.3.6"))).not.toContain("## Disasters");
  });
});

describe("a power cut", () => {
  const [classic, quorum] = powerLoss("4.3.6") as [SpecResult, SpecResult];
  const lost = { ...classic, account: { published: 3, confirmed: 3, completed: 1, lost: 2 } };
  const tableOf = (specs: SpecResult[]) =>
    lines(specs).filter((line) => /^\| .*(cut|on 4)/.test(line));

  test("has what it left in one table, by type of queue and version", () => {
    expect(tableOf([...powerLoss("4.0.5"), lost, quorum])).toEqual([
      "|  | classic on 4.0.5 | classic on 4.3.6 | quorum on 4.0.5 | quorum on 4.3.6 |",
      "| [A task is there after a power cut](#a-task-is-there-after-a-power-cut) | 3 completed | 1 completed + 2 lost | 3 completed | 3 completed |",
    ]);
  });

  test("in the midst of traffic is not counted: no two runs have the same account", () => {
    const specs = powerLoss("4.3.6", { underLoad: true });
    expect(tableOf(specs)[1]).toMatch(/\| held \| held \|$/);
    expect(lines(specs)).toContain(
      "Exact in every run, and of as many tasks as the machine manages.",
    );
    expect(lines(specs).filter((line) => line.includes("3 published"))).toEqual([]);
  });

  test("says where a promise does not apply, or was not run", () => {
    const [old] = powerLoss("4.0.5", { outcome: "not-applicable", reasons: ["no disk"] });
    expect(tableOf([old as SpecResult, quorum])[1]).toMatch(
      /\| not applicable \| – \| – \| 3 completed \|$/,
    );
  });
});
