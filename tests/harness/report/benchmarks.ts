import type { BenchmarkReport, Figure } from "../../../harness/report/benchmarks.ts";

/** A ratio over three rounds that meets its bound, unless told otherwise. */
export function aFigure(details: Partial<Figure> = {}): Figure {
  return {
    benchmark: "link",
    what: "publish, link / direct",
    unit: "",
    rounds: [0.9, 0.88, 0.95],
    lowest: 0.88,
    median: 0.9,
    highest: 0.95,
    bound: { is: "at least", value: 0.85 },
    met: true,
    ...details,
  };
}

export const BOOT = aFigure({
  benchmark: "kill",
  what: "the broker's own boot",
  unit: "s",
  rounds: [4.1],
  lowest: 4.1,
  median: 4.1,
  highest: 4.1,
  bound: null,
  met: null,
});

export function aReport(details: Partial<BenchmarkReport> = {}): BenchmarkReport {
  return {
    rerun: "npm run bench -- link --rounds 3",
    startedAt: "2026-12-01T14:00:00.000Z",
    took: 61_000,
    quick: false,
    machine: {
      cores: 2,
      cpu: "Z80",
      load: 0.4,
      node: "v24.0.0",
      broker: { version: "4.3.6", image: "rabbitmq:4.3" },
    },
    figures: [aFigure(), BOOT],
    failed: [],
    ...details,
  };
}
