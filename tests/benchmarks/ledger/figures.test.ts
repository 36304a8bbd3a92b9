/** The ledger at a size that a unit test can take; and how the benchmark judges. */
import { describe, expect, it } from "vitest";
import { figureOf } from "../sample.ts";
import { describeTurns, exponentsOf, type Measured, samplesOf, type Turns } from "./figures.ts";
import { EVENTS_PER_TASK, NAMINGS } from "./traffic.ts";
import { takeTurn } from "./turn.ts";

function turns(...measured: [size: number, seconds: number, bytes?: number][]): Turns {
  return new Map(
    measured.map(([size, seconds, bytes = 20]) => [size, [{ events: size, seconds, bytes }]]),
  );
}

describe.each(["numbered", "uuid"] as const)("With %s ids, a ledger", (naming) => {
  it("holds under 64 bytes of each finished task", () => {
    // By what more of them add: what a ledger is made of, and its compiled code, is no task's.
    const held = (events: number) => (takeTurn(naming, events).bytes * events) / EVENTS_PER_TASK;
    takeTurn(naming, 60_000);
    const added = held(600_000) - held(300_000);
    expect(added / (300_000 / EVENTS_PER_TASK)).toBeLessThan(64);
  }, 60_000);

  it("takes no longer for an event after many than after few", () => {
    const { pieces } = takeTurn(naming, 600_000);
    // Halves of what follows the warm-up: their middle pieces, since others use this machine.
    const warm = pieces.slice(10, -1);
    const half = Math.floor(warm.length / 2);
    expect(middle(warm.slice(half))).toBeLessThan(2 * middle(warm.slice(0, half)));
  }, 60_000);
});

describe("The benchmark of the ledger", () => {
  it("names each task by an id of its own", () => {
    for (const naming of Object.values(NAMINGS)) {
      const ids = new Set(Array.from({ length: 20_000 }, (_, task) => naming(task)));
      expect(ids.size).toBe(20_000);
    }
  });

  it("tells how the time grows, by each turn of the largest size", () => {
    expect(exponentsOf(turns([100, 1], [10_000, 100]))).toEqual([1]);
    const measured = new Map([...turns([100, 1]), [10_000, [...tens(100), ...tens(10_000)]]]);
    expect(exponentsOf(measured)).toEqual([1, 2]);
  });

  it("judges the largest size, and the growth", () => {
    const met = (measured: Turns) =>
      samplesOf("numbered", measured)
        .map((sample) => figureOf("ledger", sample))
        .flatMap((figure) => (figure.bound ? [figure.met] : []));
    expect(met(turns([1e5, 0.1], [1e7, 10]))).toEqual([true, true, true]);
    expect(met(turns([1e5, 0.1], [1e7, 10.1]))).toEqual([false, true, true]);
    expect(met(turns([1e5, 0.01], [1e7, 2]))).toEqual([true, false, true]);
    expect(met(turns([1e5, 0.1], [1e7, 10, 64]))).toEqual([true, true, false]);
  });

  it("names what it judges, and tells the same of the other sizes", () => {
    const samples = samplesOf("uuid", turns([1e7, 10], [1e5, 0.1]));
    expect(samples.map(({ what }) => what)).toEqual([
      "uuid ids, 100,000 events: events a second",
      "uuid ids, 10,000,000 events: events a second",
      "uuid ids: exponent of the time",
      "uuid ids, 100,000 events: bytes of a finished task",
      "uuid ids, 10,000,000 events: bytes of a finished task",
    ]);
  });

  it("shows each size on a line", () => {
    expect(describeTurns("numbered", turns([1e5, 0.1, 17.04], [1e6, 0.5]))).toEqual([
      "numbered ids: events a second, and bytes held of each finished task: median (lowest to highest)",
      "    100,000     1,000,000/s (1,000,000 to 1,000,000)    17.0 B (17.0 to 17.0)",
      "    1,000,000   2,000,000/s (2,000,000 to 2,000,000)    20.0 B (20.0 to 20.0)",
      "    time grows as events to the power of 0.699",
    ]);
  });
});

function tens(seconds: number): Measured[] {
  return [{ events: 10_000, seconds, bytes: 20 }];
}

function middle(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? 0;
}
