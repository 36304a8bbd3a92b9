/** The frame reader against every stream that the generator knows to damage. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Frame } from "../../../harness/amqp/frame.ts";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { bodyFrame, heartbeatFrame, methodFrame, protocolHeader } from "../amqp/amqplib-codec.ts";
import { allocationsOf } from "./allocations.ts";
import { deadlineFor, inputsFor, settings } from "./budget.ts";
import { damaged, damages } from "./damage.ts";
import { inTime } from "./in-time.ts";
import { type Reading, type ReferenceFrame, readByReference } from "./reference.ts";
import { cut, cuts, validFrames } from "./streams.ts";

const PART = "the frame reader";

const input = fc.boolean().chain((fromClient) =>
  fc.record(
    {
      fromClient: fc.constant(fromClient),
      frames: validFrames(fromClient ? "client" : "broker"),
      harm: damages,
      lengths: cuts,
      limit: fc.constantFrom(64, 512, 4096, 128 * 1024 + 8),
    },
    { noNullPrototype: true },
  ),
);

test(
  "the frames and violations of any stream are the specification's, however it is cut",
  () => {
    const outcomes = { read: 0, refused: 0, allocated: 0 };
    const property = fc.property(input, ({ fromClient, frames, harm, lengths, limit }) => {
      const line = fromClient ? [protocolHeader, ...frames] : frames;
      const stream = damaged(line, harm);
      const expected = readByReference(stream, limit, fromClient);
      outcomes[expected.violatedAt === null ? "read" : "refused"]++;
      const chunks = cut(stream, lengths);
      const { largest, total } = allocationsOf(() => {
        check(new FrameReader({ protocolHeader: fromClient, limit }), chunks, expected);
      });
      outcomes.allocated += total;
      // Enough for one frame at a time, and never in advance for more than one.
      if (largest > limit) expect(largest).toBeLessThanOrEqual(limit);
      const most = stream.length + limit + 64;
      if (total > most) expect(total).toBeLessThanOrEqual(most);
    });
    inTime(deadlineFor(PART), () => fc.assert(property, settings(PART)));
    const tenth = inputsFor(PART) / 10;
    expect(outcomes.read).toBeGreaterThan(tenth);
    expect(outcomes.refused).toBeGreaterThan(tenth);
    expect(outcomes.allocated).toBeGreaterThan(0);
  },
  deadlineFor(PART) * 2,
);

/** Feeds chunk by chunk, and compares after each. */
function check(reader: FrameReader, chunks: Buffer[], { frames, violatedAt }: Reading): void {
  let start = 0;
  let next = 0;
  for (const chunk of chunks) {
    const end = start + chunk.length;
    if (violatedAt !== null && violatedAt < end) {
      checkRefusal(reader, chunk);
      return;
    }
    for (const frame of reader.read(chunk)) {
      checkFrame(frame, frames[next++], start, chunk);
    }
    const complete = frames[next] === undefined || (frames[next] as ReferenceFrame).end > end;
    if (!complete) throw new Error(`frame ${next} was not reported by byte ${end}`);
    const boundary = end === 0 || frames[next - 1]?.end === end;
    if (reader.midFrame === boundary) throw new Error(`midFrame ${!boundary} at byte ${end}`);
    start = end;
  }
}

function checkRefusal(reader: FrameReader, chunk: Buffer): void {
  const first = violationOf(reader, chunk);
  // Once refused, always refused, with the same words, whatever comes.
  for (const more of [chunk, heartbeatFrame, Buffer.of(0xce)]) {
    const again = violationOf(reader, more);
    if (again !== first) expect(again).toBe(first);
  }
}

/** Whatever else is thrown, or nothing, fails the test. */
function violationOf(reader: FrameReader, chunk: Buffer): string {
  try {
    reader.read(chunk);
  } catch (error) {
    if (error instanceof ProtocolViolation) return error.message;
    throw error;
  }
  throw new Error("the reader accepted what is not AMQP 0-9-1");
}

function checkFrame(
  frame: Frame,
  reference: ReferenceFrame | undefined,
  chunkStart: number,
  chunk: Buffer,
): void {
  const { type, channel, size, end, payload } = frame;
  const same =
    type === reference?.type &&
    channel === reference.channel &&
    size === reference.size &&
    chunkStart + end === reference.end;
  if (!same) expect({ ...frame, end: chunkStart + end }).toEqual(reference);
  const assembled = type === "method" || type === "header";
  if ((payload !== null) !== assembled) throw new Error(`the payload of a ${type}: ${payload}`);
  if (!payload) return;
  if (payload.length !== size) throw new Error(`a payload of ${payload.length}, not ${size}`);
  // What of it lies in this chunk is there to be compared.
  const here = chunk.subarray(Math.max(0, end - 1 - size), end - 1);
  if (!payload.subarray(size - here.length).equals(here)) expect(payload).toEqual(here);
}

test("of a chunk, no more is kept than the frame that is not complete", () => {
  const COUNT = 64;
  const filler = bodyFrame(Buffer.alloc(256 * 1024));
  const collectGarbage = garbageCollector();
  const beginnings = [
    heartbeatFrame.subarray(0, 3),
    methodFrame("basic.publish", {}).subarray(0, 12),
    bodyFrame(Buffer.alloc(2000)).subarray(0, 1000),
  ];
  for (const beginning of beginnings) {
    const before = collectGarbage();
    const readers = Array.from({ length: COUNT }, () => new FrameReader({ limit: 0 }));
    for (const reader of readers) reader.read(Buffer.concat([filler, beginning]));
    // A few chunks may still be known to this loop; with all of them it were 16 MiB.
    expect(collectGarbage() - before).toBeLessThan(COUNT * 4096 + 4 * filler.length);
    expect(readers.every(({ midFrame }) => midFrame)).toBe(true);
  }
});

/** Returns a function that collects all garbage, and says how many bytes buffers still hold. */
function garbageCollector(): () => number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  return () => {
    for (let twice = 0; twice < 2; twice++) collect(); // The first only begins to free buffers.
    return process.memoryUsage().arrayBuffers;
  };
}
