import { describe, expect, test } from "vitest";
import { rotated } from "../rotated.ts";
import { figureOf, type Sample } from "../sample.ts";
import { memorySample, samplesOf } from "./bounds.ts";
import { median } from "./median.ts";
import { describeRounds } from "./report.ts";
import { compare, type Round } from "./rounds.ts";
import type { Path } from "./topology.ts";
import type { Measure } from "./workload.ts";

const MEASURES: Measure[] = [
  "publish",
  "consume at prefetch 1",
  "consume at prefetch 100",
  "one publish and its confirm",
  "one ack and the next delivery",
];

/** A round in which everything went at the same rate on each path: messages a second. */
function round(rates: Partial<Record<Path, number>>, trip: Partial<Record<Path, number>> = {}) {
  const timings = Object.entries(rates) as [Path, number][];
  const each = new Map(timings.map(([path, rate]) => [path, { rate, trip: trip[path] ?? 0 }]));
  return new Map(MEASURES.map((measure) => [measure, each])) satisfies Round;
}

const samples = (...rounds: Round[]) => samplesOf("1 KiB", rounds, true);
const figures = (all: readonly Sample[]) => all.map((sample) => figureOf("link", sample));
const missed = (...rounds: Round[]) => figures(samples(...rounds)).filter(({ met }) => !met);

describe("the numbers", () => {
  test("are met at the bound itself", () => {
    const trip = { direct: 0.5, link: 0.8 - 1e-9 };
    expect(missed(round({ direct: 100, link: 85, haproxy: 85 }, trip))).toEqual([]);
  });

  test("are missed below it: link / direct, link / haproxy, and what a round trip takes", () => {
    const trip = { direct: 0.5, link: 0.81 };
    const all = missed(round({ direct: 100, link: 84, haproxy: 85 }, trip));
    expect(all).toHaveLength(8);
    expect(all[0]).toMatchObject({
      what: "1 KiB: publish, link / direct",
      bound: { is: "at least", value: 0.85 },
      median: 0.84,
      unit: "",
    });
  });

  test("are judged by the median of the rounds' own ratios", () => {
    // The machine was slow in the second round, for both alike.
    const rounds = [
      round({ direct: 100, link: 90 }),
      round({ direct: 10, link: 9 }),
      round({ direct: 100, link: 10 }),
    ];
    expect(missed(...rounds)).toEqual([]);
  });

  test("are promised for one size, and told of the others", () => {
    const told = samplesOf("16 B", [round({ direct: 1, link: 0.1 })], false);
    expect(told.map(({ bound }) => bound)).toEqual(told.map(() => undefined));
    expect(told[0]).toEqual({ what: "16 B: publish, link / direct", unit: "", rounds: [0.1] });
  });

  test("without haproxy say nothing of it", () => {
    const what = samples(round({ direct: 1, link: 1 })).map((sample) => sample.what);
    expect(what).toHaveLength(5);
    expect(what.join()).not.toContain("haproxy");
  });

  test("hold the peak of the memory against 64 MB above its start", () => {
    const run = { messages: 10, events: 30, start: 50e6, end: 50e6 };
    const [under, over] = figures([
      memorySample({ ...run, peak: 114e6 - 1 }),
      memorySample({ ...run, peak: 114e6 }),
    ]);
    expect(under?.met).toBe(true);
    expect(over).toMatchObject({ met: false, median: 64, unit: "MB" });
  });
});

test("rounds are compared one by one, and left out where a path is missing", () => {
  const rounds = [round({ direct: 4, haproxy: 2 }), round({ direct: 4 })];
  const ratio = compare(
    rounds,
    "publish",
    ["haproxy", "direct"],
    (one, two) => one.rate / two.rate,
  );
  expect(ratio).toEqual([0.5]);
});

test("everybody goes first in turn", () => {
  const turns = [0, 1, 2, 3].map((number) => rotated(["a", "b", "c"], number).join(""));
  expect(turns).toEqual(["abc", "bca", "cab", "abc"]);
});

test("the median is one of the figures", () => {
  expect(median(Float64Array.of(3, 1, 2))).toBe(2);
  expect(median(Float64Array.of(10, 9))).toBe(10);
});

describe("the report", () => {
  test("shows each path's median, and the ratios of the paths there are", () => {
    const rounds = [round({ direct: 2000, link: 1000 }, { direct: 0.1, link: 0.3 })];
    const lines = describeRounds("1 KiB", rounds);
    expect(lines.slice(0, 4)).toEqual([
      "1 KiB, 1 rounds: median (lowest to highest)",
      "  publish",
      "    direct 2,000/s, link 1,000/s",
      "    link / direct 0.50 (0.50 to 0.50)",
    ]);
    expect(lines.at(-1)).toBe("    the link adds 0.200 ms (0.200 to 0.200)");
    expect(lines.join()).not.toContain("haproxy");
  });
});
