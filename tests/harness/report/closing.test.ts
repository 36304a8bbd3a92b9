import { describe, expect, test } from "vitest";
import { closing } from "../../../harness/report/closing.ts";
import { closingLine, emptyReport, together } from "../../../harness/report/run-report.ts";
import { aShare, aSpec, aTest, onVersion, page } from "./specs.ts";

describe("the closing line", () => {
  test("names skipped tests only where there are any", () => {
    const report = { ...emptyReport(), passed: 12, failed: 1 };
    expect(closingLine(report)).toBe("12 passed, 1 failed");
    expect(closingLine({ ...report, skipped: 2 })).toBe("12 passed, 1 failed, 2 skipped");
  });

  test("says that it is of a shard, and what fell to it", () => {
    const report = { ...emptyReport(), passed: 3, shard: aShare({ files: ["tests/a.spec.ts"] }) };
    expect(closing(report, page()).split("\n").slice(-3)).toEqual([
      "shard     2 of 2: 1 of 1 files; `npm run report -- --merge <run> <run>` adds all of them up",
      "",
      "shard 2 of 2: 3 passed, 0 failed",
    ]);
  });

  test("is the last line of everything", () => {
    expect(
      closing({ ...emptyReport(), passed: 3 }, page())
        .split("\n")
        .at(-1),
    ).toBe("3 passed, 0 failed");
  });
});

test("where the time went adds up, even where waits overlap", () => {
  const report = {
    ...emptyReport(),
    specs: [
      aSpec({ time: { boots: 4000, waits: 7000, total: 10_000 } }),
      aSpec({ queueType: "quorum", time: { boots: 0, waits: 500, total: 2000 }, memory: 90e6 }),
    ],
    lanes: 2,
    time: { boot: 5000, wall: 12_000 },
    memory: 150e6,
  };
  expect(closing(report, page()).split("\n").slice(-5)).toEqual([
    "time      12.0 s in all, 5.0 s of it first boots",
    "          12.0 s of specs on 2 lanes = 4.0 s restarts + 7.5 s waiting + 0.5 s work",
    "memory    150 MB at its peak, and at most 90 MB in each of 2 workers",
    "",
    "0 passed, 0 failed",
  ]);
});

test("what else is to be known stands just above the last line", () => {
  const remarks = { unproven: "Nobody was here before." };
  expect(
    closing({ ...emptyReport(), passed: 3 }, page(), remarks)
      .split("\n")
      .slice(-3),
  ).toEqual(["unproven  Nobody was here before.", "", "3 passed, 0 failed"]);
});

test("answers and figures are printed under their promise", () => {
  const [notes, figures] = [["closed: 406"], ["ratio: 1.4 (0.9 to 2.1)"]];
  const report = { ...emptyReport(), specs: [aSpec({ kind: "measurement", notes, figures })] };
  expect(closing(report, page())).toContain(
    [
      "figures",
      "  A task is done",
      "    classic, RabbitMQ 4.3.6",
      "      closed: 406",
      "      ratio: 1.4 (0.9 to 2.1)",
    ].join("\n"),
  );
});

test("one broker has a table of accounts, several have one table across them", () => {
  const across = [...onVersion("3.10.8"), ...onVersion("4.0.5")];
  expect(closing({ ...emptyReport(), specs: onVersion("4.0.5") }, page())).toContain(
    "What RabbitMQ 4.0.5 (rabbitmq:4.0.5) guarantees",
  );
  expect(closing({ ...emptyReport(), specs: across }, page())).toContain("cl classic, qu quorum");
});

test("several runs add up to one", () => {
  const found = { specs: [aSpec()], tests: [aTest()] };
  const one = { ...emptyReport(), passed: 3, failed: 1, lanes: 2, memory: 7, ...found };
  const other = { ...emptyReport(), passed: 4, skipped: 2, time: { boot: 5, wall: 9 }, memory: 6 };
  expect(together([one, other])).toEqual({
    passed: 7,
    failed: 1,
    skipped: 2,
    specs: one.specs,
    tests: one.tests,
    lanes: 2,
    time: { boot: 5, wall: 9 },
    memory: 7,
  });
});
