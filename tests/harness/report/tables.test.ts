import { describe, expect, test } from "vitest";
import { guaranteeTable } from "../../../harness/report/guarantee-table.ts";
import { versionTable } from "../../../harness/report/version-table.ts";
import { aSpec, onBoth, onVersion, page } from "./specs.ts";

const LONG = "A task is redelivered to another worker when its worker is killed before the ack";

describe("one broker", () => {
  test("a row for each promise, a column for each type of queue, by family", () => {
    const specs = [
      ...onBoth({ family: "durability", promise: "It is kept" }),
      aSpec({ promise: "It comes back", queueType: "quorum", outcome: "inconclusive" }),
      ...onBoth({ kind: "limit", account: { published: 3, confirmed: 3, lost: 3 } }),
    ];
    expect(guaranteeTable(specs, page(60))).toEqual([
      "acknowledgement                 classic        quorum",
      "  It comes back                 –              ? 3 completed",
      "  limit: A task is done         ✓ 3 lost       ✓ 3 lost",
      "",
      "durability                      classic        quorum",
      "  It is kept                    ✓ 3 completed  ✓ 3 completed",
      "",
    ]);
  });

  test("long promises and accounts are wrapped within their columns", () => {
    const account = { published: 20, confirmed: 20, completed: 19, duplicated: 1 };
    expect(guaranteeTable(onBoth({ promise: LONG, account }), page(80))).toEqual([
      "acknowledgement                       classic               quorum",
      "  A task is redelivered to another    ✓ 19 completed +      ✓ 19 completed +",
      "  worker when its worker is killed      1 duplicated          1 duplicated",
      "  before the ack",
      "",
    ]);
  });

  test("how long its faults kept the broker from serving anybody stands under the account", () => {
    const gaps = { confirms: 1_240, deliveries: 830 };
    const fault = { injection: 1, fault: "stall", target: "worker-1", ...gaps } as const;
    const availability = { run: gaps, faults: [fault] };
    expect(guaranteeTable(onBoth({ availability }), page(100))).toEqual([
      "acknowledgement                                 classic                    quorum",
      "  A task is done                                ✓ 3 completed; no confirm  ✓ 3 completed; no confirm",
      "                                                  for 1.2 s, no delivery     for 1.2 s, no delivery",
      "                                                  for 0.8 s                  for 0.8 s",
      "",
    ]);
  });

  test("what does not apply is neither held nor broken", () => {
    const specs = onBoth({ account: {}, outcome: "not-applicable" });
    expect(guaranteeTable(specs, page(70))[1]).toMatch(/– not applicable {2,}– not applicable$/);
  });

  test.each([80, 100, 140])("no line is wider than a page of %i columns", (columns) => {
    const account = { published: 1500, confirmed: 1500, completed: 700, duplicated: 800 };
    const lines = guaranteeTable(onBoth({ promise: LONG, account }), page(columns));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });
});

describe("several versions", () => {
  test("an account that is the same everywhere is said once", () => {
    const specs = [...onVersion("4.0.5"), ...onVersion("3.10.8"), ...onVersion("4.3.6")];
    expect(versionTable(specs, page(70))).toEqual([
      "cl classic, qu quorum                      3.10.8   4.0.5    4.3.6",
      "                                           cl  qu   cl  qu   cl  qu",
      "acknowledgement",
      "  A task is done                           ✓   ✓    ✓   ✓    ✓   ✓",
      "    3 completed",
      "",
    ]);
  });

  test("what was measured is not told: it differs everywhere", () => {
    const gaps = { confirms: 1_240, deliveries: 830 };
    const fault = { injection: 1, fault: "stall", target: "worker-1", ...gaps } as const;
    const measured = onVersion("4.0.5", { availability: { run: gaps, faults: [fault] } });
    const plain = versionTable([...onVersion("4.0.5"), ...onVersion("4.3.6")], page(70));
    expect(versionTable([...measured, ...onVersion("4.3.6")], page(70))).toEqual(plain);
  });

  test("accounts that differ are told by their places, the commonest last", () => {
    const lost = { published: 3, confirmed: 3, lost: 3 };
    const kept = { published: 3, confirmed: 3, remaining: 3 };
    const specs = [
      ...onVersion("3.10.8", { account: lost, outcome: "broken" }),
      ...onVersion("4.0.5"),
      aSpec({ broker: { image: "x", version: "4.3.6" } }),
      aSpec({ broker: { image: "x", version: "4.3.6" }, queueType: "quorum", account: kept }),
    ];
    expect(versionTable(specs, page(70)).slice(3)).toEqual([
      "  A task is done                           ✗   ✗    ✓   ✓    ✓   ✓",
      "    4.3.6 quorum: 3 remaining",
      "    3.10.8 classic, 3.10.8 quorum: 3 lost",
      "    elsewhere: 3 completed",
      "",
    ]);
  });

  test("what does not apply to a version is said of it", () => {
    const specs = [
      ...onVersion("3.10.8", { account: {}, outcome: "not-applicable" }),
      ...onVersion("4.3.6"),
    ];
    expect(versionTable(specs, page(70)).slice(4, 6)).toEqual([
      "    3.10.8 classic, 3.10.8 quorum: not applicable",
      "    4.3.6 classic, 4.3.6 quorum: 3 completed",
    ]);
  });

  test("few places are told one by one, even the commonest", () => {
    const specs = [
      ...onVersion("4.0.5", { account: {} }),
      aSpec({ broker: { image: "x", version: "4.3.6" } }),
    ];
    expect(versionTable(specs, page(70)).slice(3)).toEqual([
      "  A task is done                                    ✓   ✓    ✓   –",
      "    4.3.6 classic: 3 completed",
      "    4.0.5 classic, 4.0.5 quorum: nothing published",
      "",
    ]);
  });
});
