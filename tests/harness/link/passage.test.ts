/** The way of bytes in time, on a clock that the tests turn. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Harm } from "../../../harness/link/impairment.ts";
import { type Delay, type Delayed, type Ends, Passage } from "../../../harness/link/passage.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const stall: Delay = { kind: "stall" };
const narrow = (bytesPerSecond: number): Delay => ({ kind: "bandwidth", bytesPerSecond });
const late = (delay: number, jitter = 0, seed = 1): Delay => ({
  kind: "latency",
  delay,
  jitter,
  seed,
});

/** A passage, and what has come out of it: when, in milliseconds since it began. */
class Trip implements Ends {
  readonly passage = new Passage(this);
  readonly arrivals: [at: number, what: string][] = [];
  readonly strikes: [kind: Harm["kind"], bytes: number, late: number | undefined][] = [];
  readonly fullness: boolean[] = [];
  readonly #began = performance.now();
  onStrike = () => {};

  send(...texts: (string | null)[]): void {
    for (const text of texts) this.passage.send(text === null ? null : Buffer.from(text));
  }

  impair(harm: Delay): Delayed {
    const impairment: Delayed = { injection: 1, scope: {}, towards: ["broker"], harm };
    this.passage.impair(impairment);
    return impairment;
  }

  /** Turns the clock. */
  pass(milliseconds: number): this {
    vi.advanceTimersByTime(milliseconds);
    return this;
  }

  get whole(): string {
    return this.arrivals.map(([, what]) => what).join("");
  }

  get times(): number[] {
    return this.arrivals.map(([at]) => at);
  }

  arrive(bytes: Buffer): void {
    this.arrivals.push([performance.now() - this.#began, bytes.toString()]);
  }

  end(): void {
    this.arrivals.push([performance.now() - this.#began, "(end)"]);
  }

  full(isFull: boolean): void {
    this.fullness.push(isFull);
  }

  struck({ harm }: Delayed, bytes: number, delay?: number): void {
    this.strikes.push([harm.kind, bytes, delay]);
    this.onStrike();
  }
}

test("without an impairment, bytes are through before anything else happens", () => {
  const trip = new Trip();
  trip.send("a", "b", null);
  expect(trip.arrivals).toEqual([
    [0, "a"],
    [0, "b"],
    [0, "(end)"],
  ]);
  expect([trip.strikes, vi.getTimerCount()]).toEqual([[], 0]);
});

describe("a stall", () => {
  test("lets nothing through, however long; healed, all comes in order, the end last", () => {
    const trip = new Trip();
    const impairment = trip.impair(stall);
    trip.send("a", "b", null);
    trip.pass(3_600_000);
    expect(trip.arrivals).toEqual([]);
    trip.passage.heal(impairment);
    expect(trip.whole).toBe("ab(end)");
  });

  test("says at once which bytes wait, also those that were under way", () => {
    const trip = new Trip();
    trip.impair(late(50));
    trip.send("abc");
    trip.impair(stall);
    expect(trip.strikes).toEqual([["stall", 3, undefined]]);
    trip.send("de");
    expect(trip.strikes[1]).toEqual(["stall", 2, undefined]);
    expect(trip.pass(1_000).arrivals).toEqual([]);
  });

  test("lasts until the last of several is healed", () => {
    const trip = new Trip();
    const [one, other] = [trip.impair(stall), trip.impair(stall)];
    trip.send("a");
    trip.passage.heal(one);
    expect(trip.arrivals).toEqual([]);
    trip.passage.heal(other);
    expect(trip.whole).toBe("a");
  });
});

describe("latency", () => {
  test("is what each chunk takes, and the end too", () => {
    const trip = new Trip();
    trip.impair(late(100));
    trip.send("a");
    trip.pass(30).send("b", null);
    trip.pass(69);
    expect(trip.arrivals).toEqual([]);
    trip.pass(31);
    expect(trip.arrivals).toEqual([
      [100, "a"],
      [130, "b"],
      [130, "(end)"],
    ]);
    expect(trip.strikes[0]).toEqual(["latency", 1, 100]);
  });

  /** When each of a hundred chunks arrives that were sent one a millisecond. */
  function arrivals(seed: number): Trip {
    const trip = new Trip();
    trip.impair(late(100, 40, seed));
    for (let n = 0; n < 100; n++) trip.pass(1).send(String.fromCharCode(0x4e00 + n));
    return trip.pass(1_000);
  }

  test("varies by its jitter, never below the least, and keeps the order", () => {
    const { times, whole } = arrivals(7);
    expect(whole).toBe(
      Array.from({ length: 100 }, (_, n) => String.fromCharCode(0x4e00 + n)).join(""),
    );
    const took = times.map((at, n) => at - (n + 1));
    expect(Math.min(...took)).toBeGreaterThanOrEqual(60);
    // Behind a slow one it can be later than its own time, and never later than the slowest.
    expect(Math.max(...took)).toBeLessThanOrEqual(141);
    expect(new Set(took).size).toBeGreaterThan(10);
  });

  test("is the same for the same seed, and another for another", () => {
    expect(arrivals(7).times).toEqual(arrivals(7).times);
    expect(arrivals(8).times).not.toEqual(arrivals(7).times);
  });

  test("adds up", () => {
    const trip = new Trip();
    trip.impair(late(100));
    trip.impair(late(30));
    trip.send("a");
    expect(trip.pass(1_000).times).toEqual([130]);
  });

  test("that is healed is over for what is under way", () => {
    const trip = new Trip();
    const [long] = [trip.impair(late(100)), trip.impair(late(30))];
    trip.send("a");
    trip.pass(10).passage.heal(long);
    expect(trip.pass(1_000).times).toEqual([30]);
  });

  test("is told of what it still delayed when it is healed", () => {
    const trip = new Trip();
    const impairment = trip.impair(late(100));
    trip.send("abc");
    trip.pass(40).passage.heal(impairment);
    expect(trip.strikes).toEqual([["latency", 3, 40]]);
  });

  test("healed by the one who hears of it: the order stays", () => {
    const trip = new Trip();
    const impairment = trip.impair(late(100));
    trip.onStrike = () => trip.passage.heal(impairment);
    trip.send("a", "b", "c");
    expect(trip.pass(100).whole).toBe("abc");
  });
});

describe("bandwidth", () => {
  const text = "0123456789".repeat(50);

  test("is never exceeded at any time, and every byte arrives in order", () => {
    const trip = new Trip();
    trip.impair(narrow(1_000));
    trip.send(text.slice(0, 300), text.slice(300), null);
    trip.pass(1_000);
    let arrived = 0;
    for (const [at, what] of trip.arrivals.slice(0, -1)) {
      arrived += what.length;
      expect(at).toBeGreaterThanOrEqual(arrived);
    }
    expect(trip.whole).toBe(`${text}(end)`);
    expect(trip.arrivals.length).toBeGreaterThan(10); // A narrow line doesn't burst.
    expect(trip.times.at(-1)).toBeLessThan(550); // Nor does it dawdle, beyond its timer's grain.
  });

  test("is not saved up by a line that was idle", () => {
    const trip = new Trip();
    trip.impair(narrow(1_000));
    trip.send(text);
    trip.pass(10_000).send(text);
    trip.pass(10_000);
    expect(trip.times.at(-1)).toBeGreaterThanOrEqual(10_500);
  });

  test("of the narrowest counts", () => {
    const trip = new Trip();
    for (const speed of [1_000, 500, 2_000]) trip.impair(narrow(speed));
    trip.send(text);
    expect(trip.pass(2_000).times.at(-1)).toBeGreaterThanOrEqual(1_000);
    expect(trip.whole).toBe(text);
  });

  test("that is healed is over for what is under way", () => {
    const trip = new Trip();
    const impairment = trip.impair(narrow(1));
    trip.send(text);
    trip.pass(2_000).passage.heal(impairment);
    expect([trip.whole, vi.getTimerCount()]).toEqual([text, 0]);
    trip.send("?");
    expect(trip.whole).toBe(`${text}?`);
  });
});

test("latency, bandwidth and a stall at once: all are honoured", () => {
  const trip = new Trip();
  trip.impair(late(100));
  trip.impair(narrow(1_000));
  const impairment = trip.impair(stall);
  trip.send("0123456789".repeat(20), null);
  expect(trip.pass(50).arrivals).toEqual([]);
  trip.passage.heal(impairment);
  expect(trip.pass(49).arrivals).toEqual([]); // The latency is not over yet.
  trip.pass(1_000);
  expect(trip.times.at(-1)).toBeGreaterThanOrEqual(300);
  expect(trip.whole).toBe(`${"0123456789".repeat(20)}(end)`);
  expect(new Set(trip.strikes.map(([kind]) => kind))).toEqual(
    new Set(["stall", "latency", "bandwidth"]),
  );
});

describe("what is under way", () => {
  const MiB = 1024 * 1024;

  test("may be 4 MiB; then the sender has to wait, until some has arrived", () => {
    const trip = new Trip();
    const impairment = trip.impair(stall);
    for (let n = 0; n < 4; n++) trip.passage.send(Buffer.alloc(MiB));
    expect(trip.fullness).toEqual([true]); // Each chunk costs a little more than its bytes.
    trip.passage.heal(impairment);
    expect(trip.fullness).toEqual([true, false]);
  });

  test("counts by its memory: chunks of one byte are not for free", () => {
    const trip = new Trip();
    trip.impair(stall);
    for (let n = 0; n < 30_000; n++) trip.passage.send(Buffer.alloc(1));
    expect(trip.fullness).toEqual([true]);
  });

  test("is forgotten by a close: nothing comes any more, and nobody has to wait", () => {
    const trip = new Trip();
    trip.impair(late(100));
    trip.passage.send(Buffer.alloc(5 * MiB));
    trip.passage.close();
    expect([vi.getTimerCount(), trip.pass(1_000).arrivals]).toEqual([0, []]);
    expect(trip.fullness).toEqual([true, false]);
    trip.send(null); // The socket's own end.
    expect(trip.whole).toBe("(end)");
  });

  test("is not moved by the healing of another", () => {
    const trip = new Trip();
    trip.impair(stall);
    trip.send("a");
    trip.passage.heal({ injection: 1, scope: {}, towards: ["broker"], harm: stall });
    expect(trip.arrivals).toEqual([]);
  });
});
