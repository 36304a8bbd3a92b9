import { describe, expect, test } from "vitest";
import type { Holdable } from "../../../harness/history/event.ts";
import { bodyFrame, headerFrame, heartbeatFrame, methodFrame } from "../amqp/amqplib-codec.ts";
import { Bench } from "./bench.ts";

/** One frame of the stream, and the holdable method that it is the beginning or a part of. */
interface Part {
  bytes: Buffer;
  /** `ack 1`, `publish a`; undefined for what can't be held. */
  unit?: string;
  begins?: Holdable;
}

const ack = (tag: number, channel = 1): Part => ({
  bytes: methodFrame("basic.ack", { deliveryTag: tag }, channel),
  unit: `ack ${tag}`,
  begins: "ack",
});

const publish = (task: string, channel: number): Part => ({
  bytes: methodFrame("basic.publish", { exchange: "", routingKey: "q" }, channel),
  unit: `publish ${task}`,
  begins: "publish",
});

const header = (task: string, size: number, channel: number): Part => ({
  bytes: headerFrame(size, { messageId: task }, channel),
  unit: `publish ${task}`,
});

const body = (task: string, text: string, channel: number): Part => ({
  bytes: bodyFrame(text, channel),
  unit: `publish ${task}`,
});

const other = (bytes: Buffer): Part => ({ bytes });

/** Two channels whose frames interleave, contents of none, one and several body frames. */
const parts: Part[] = [
  ack(1),
  publish("a", 1),
  ack(2, 2),
  header("a", 6, 1),
  other(heartbeatFrame),
  publish("b", 2),
  body("a", "abc", 1),
  header("b", 2, 2),
  body("a", "def", 1),
  body("b", "gh", 2),
  other(heartbeatFrame),
  other(methodFrame("basic.qos", { prefetchCount: 1 })),
  publish("c", 1),
  header("c", 0, 1),
  ack(3, 1),
];
const stream = Buffer.concat(parts.map(({ bytes }) => bytes));
const units = [...new Set(parts.flatMap(({ unit }) => unit ?? []))];

/** Where each part begins in the stream. */
const starts = parts.map((_, index) => lengthOf(parts.slice(0, index)));

function lengthOf(some: Part[]): number {
  return some.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function startOf(unit: string): number {
  return starts[parts.findIndex((part) => part.unit === unit)] as number;
}

function without(unit: string): Buffer {
  return Buffer.concat(parts.filter((part) => part.unit !== unit).map(({ bytes }) => bytes));
}

/** What a hold armed at this byte must catch: the n-th that begins there or later. */
function expectedCatch(what: Holdable, nth: number, armedAt: number): string | undefined {
  const matching = parts.filter(
    ({ begins }, index) => begins === what && (starts[index] as number) >= armedAt,
  );
  return matching[nth - 1]?.unit;
}

const HOLDS = [
  ["ack", 1],
  ["ack", 2],
  ["publish", 1],
  ["publish", 2],
  ["publish", 3],
] as const;

describe("without holds", () => {
  test("chunks pass as they came, however the stream is cut", () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const chunks = [stream.subarray(0, cut), stream.subarray(cut)];
      const bench = new Bench();
      for (const chunk of chunks) bench.direction.feed(chunk);
      expect(bench.written.map((bytes, index) => bytes === chunks[index])).toEqual([true, true]);
    }
  });

  test("each method is told of once, in order, and content once it is whole", () => {
    const bench = new Bench();
    for (const octet of stream) bench.direction.feed(Buffer.of(octet));
    const seen = ["ack 1", "ack 2", "publish a", "publish b", "basic.qos", "publish c", "ack 3"];
    expect(bench.seen).toEqual(seen);
  });
});

describe.each(HOLDS)("a hold of %s, number %i,", (what, nth) => {
  const kinds = ["forward", "drop"] as const;

  test.each(kinds)("whatever the chunks and wherever armed: %s once all has come", (kind) => {
    eachCut((armedAt, cut) => {
      const bench = new Bench();
      bench.direction.feed(stream.subarray(0, armedAt));
      bench.arm(what, nth);
      bench.direction.feed(stream.subarray(armedAt, cut));
      bench.direction.feed(stream.subarray(cut));
      const caught = expectedCatch(what, nth, armedAt);
      check(bench.caughtOnes, caught ? [caught] : [], `armed at ${armedAt}, cut at ${cut}`);
      if (!caught) return checkBytes(bench.output, stream, `armed at ${armedAt}, cut at ${cut}`);
      // Everything before it has passed, and nothing behind it.
      checkBytes(bench.output, stream.subarray(0, startOf(caught)), `held: ${armedAt}, ${cut}`);
      letGo(bench, kind);
      const rest = kind === "forward" ? stream : without(caught);
      checkBytes(bench.output, rest, `let go: armed at ${armedAt}, cut at ${cut}`);
      checkSeen(bench, kind === "drop" ? caught : undefined);
    });
  });

  test.each(kinds)("whatever the chunks and wherever armed: %s at once", (kind) => {
    eachCut((armedAt, cut) => {
      const bench = new Bench();
      const feed = (chunk: Buffer) => {
        bench.direction.feed(chunk);
        if (bench.caughtOnes.length === 1 && !bench.seen.includes("let go")) {
          bench.seen.push("let go");
          letGo(bench, kind);
        }
      };
      feed(stream.subarray(0, armedAt));
      bench.arm(what, nth);
      feed(stream.subarray(armedAt, cut));
      feed(stream.subarray(cut));
      const caught = expectedCatch(what, nth, armedAt);
      const all = kind === "drop" && caught ? without(caught) : stream;
      checkBytes(bench.output, all, `armed at ${armedAt}, cut at ${cut}`);
    });
  });
});

test.each(units)("%s is dropped from a stream that comes byte by byte", (unit) => {
  const bench = new Bench();
  const part = parts.findIndex((each) => each.unit === unit);
  let isDropped = false;
  for (const [at, octet] of stream.entries()) {
    if (at === starts[part]) bench.arm(parts[part]?.begins as Holdable);
    bench.direction.feed(Buffer.of(octet));
    if (bench.caughtOnes.length === 1 && !isDropped) {
      isDropped = true;
      bench.direction.dropHeld();
    }
  }
  expect(bench.output).toEqual(without(unit));
  checkSeen(bench, unit);
});

test("a heartbeat behind a held frame waits with everything else", () => {
  const bench = new Bench();
  bench.arm("ack");
  bench.direction.feed(ack(1).bytes);
  bench.direction.feed(heartbeatFrame);
  expect(bench.output).toEqual(Buffer.alloc(0));
  bench.direction.forwardHeld();
  expect(bench.output).toEqual(Buffer.concat([ack(1).bytes, heartbeatFrame]));
});

test("a method whose beginning has passed is not held: its next one is", () => {
  const bench = new Bench();
  const first = ack(1).bytes;
  bench.direction.feed(first.subarray(0, 5));
  bench.arm("ack");
  bench.direction.feed(Buffer.concat([first.subarray(5), ack(2).bytes]));
  expect(bench.caughtOnes).toEqual(["ack 2"]);
  expect(bench.output).toEqual(first);
});

describe("several holds", () => {
  test.each([
    [1, 2],
    [2, 1],
  ])("count each on their own: numbers %i and %i", (first, second) => {
    const bench = new Bench();
    bench.arm("ack", first);
    bench.arm("ack", second);
    bench.direction.feed(Buffer.concat([ack(1).bytes, ack(2).bytes, ack(3).bytes]));
    bench.direction.forwardHeld();
    expect(bench.caughtOnes).toEqual(["ack 1", "ack 2"]);
    expect(bench.output).toEqual(ack(1).bytes);
  });

  test("of the same one: the second takes the next", () => {
    const bench = new Bench();
    bench.arm("ack");
    bench.arm("ack");
    bench.direction.feed(Buffer.concat([ack(1).bytes, ack(2).bytes, ack(3).bytes]));
    bench.direction.dropHeld();
    bench.direction.dropHeld();
    expect(bench.caughtOnes).toEqual(["ack 1", "ack 2"]);
    expect(bench.output).toEqual(ack(3).bytes);
  });
});

describe("an aborted direction", () => {
  test("drops what stands, and what may still come", () => {
    const bench = new Bench();
    bench.arm("ack");
    bench.direction.feed(Buffer.concat([ack(1).bytes, ack(2).bytes, ack(3).bytes.subarray(0, 5)]));
    bench.direction.abort();
    bench.direction.dropHeld();
    bench.direction.feed(Buffer.concat([ack(3).bytes.subarray(5), ack(4).bytes]));
    expect(bench.seen).toEqual(["ack 1", "ack 2", "ack 3", "ack 4"].map((it) => `${it} (dropped)`));
    expect(bench.output).toEqual(Buffer.alloc(0));
  });

  test("drops a publish whose header had not come through, though its method had", () => {
    const bench = new Bench();
    bench.direction.feed(publish("a", 1).bytes);
    bench.arm("ack");
    bench.direction.feed(Buffer.concat([ack(1, 2).bytes, header("a", 0, 1).bytes]));
    bench.direction.abort();
    bench.direction.dropHeld();
    expect(bench.seen).toEqual(["ack 1 (dropped)", "publish a (dropped)"]);
  });
});

describe("a malformed method", () => {
  const malformed = methodFrame("basic.ack", { deliveryTag: 1 });
  malformed.writeUInt32BE(malformed.length - 9, 3);
  const broken = Buffer.concat([malformed.subarray(0, -2), Buffer.of(0xce)]);

  test("is refused with its whole chunk: nothing of it is told or forwarded", () => {
    const bench = new Bench();
    const chunk = Buffer.concat([ack(1).bytes, broken]);
    expect(() => bench.direction.feed(chunk)).toThrow("basic.ack");
    expect([bench.seen, bench.output]).toEqual([[], Buffer.alloc(0)]);
  });

  test("is refused when it comes, also behind a held frame", () => {
    const bench = new Bench();
    bench.arm("ack");
    bench.direction.feed(ack(1).bytes);
    expect(() => bench.direction.feed(broken)).toThrow("basic.ack");
    bench.direction.dropHeld();
    expect(bench.seen).toEqual(["ack 1 (dropped)"]);
  });
});

/** Armed before, at the beginning of and inside each frame, with every cut of what follows. */
function eachCut(run: (armedAt: number, cut: number) => void): void {
  for (const armedAt of starts.flatMap((start) => [start, start + 1, start + 7])) {
    for (let cut = armedAt; cut <= stream.length; cut++) run(armedAt, cut);
  }
}

function letGo(bench: Bench, kind: "forward" | "drop"): void {
  if (kind === "forward") bench.direction.forwardHeld();
  else bench.direction.dropHeld();
}

function checkSeen(bench: Bench, dropped: string | undefined): void {
  const seen = bench.seen.filter((name) => name !== "basic.qos").sort();
  const expected = units.map((unit) => (unit === dropped ? `${unit} (dropped)` : unit)).sort();
  check(seen, expected, "what was told of");
}

/** `expect` is slow, and these run a million times: it is asked only to say what is wrong. */
function check(seen: string[], expected: string[], where: string): void {
  if (seen.join() !== expected.join()) expect(seen, where).toEqual(expected);
}

function checkBytes(seen: Buffer, expected: Buffer, where: string): void {
  if (!seen.equals(expected)) expect(seen.toString("hex"), where).toBe(expected.toString("hex"));
}
