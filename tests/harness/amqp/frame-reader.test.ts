import { describe, expect, test } from "vitest";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { bodyFrame, headerFrame, methodFrame, payloadOf } from "./amqplib-codec.ts";
import { clientFrames, clientStream, readAll, type SeenFrame } from "./sample-stream.ts";

const TYPES = [
  ["protocol-header", 0],
  ["method", 0],
  ["method", 0],
  ["heartbeat", 0],
  ["method", 1],
  ["method", 1],
  ["header", 1],
  ["body", 1],
  ["heartbeat", 0],
  ["body", 1],
  ["method", 65_535],
  ["method", 1],
  ["body", 1],
] as const;

/** What the sample stream holds, worked out from its frames' lengths alone. */
const expected: SeenFrame[] = [];
for (const [index, [type, channel]] of TYPES.entries()) {
  const frame = clientFrames[index] as Buffer;
  const assembled = type === "method" || type === "header";
  expected.push({
    type,
    channel,
    size: frame.length - 8,
    payload: assembled ? payloadOf(frame).toString("hex") : null,
    endInStream: (expected.at(-1)?.endInStream ?? 0) + frame.length,
  });
}

const clientReader = () => new FrameReader({ protocolHeader: true });

describe("frames are the same however the stream is cut", () => {
  test("in one chunk", () => {
    expect(readAll(clientReader(), [clientStream])).toEqual(expected);
  });

  test("one chunk for each frame", () => {
    expect(readAll(clientReader(), clientFrames)).toEqual(expected);
  });

  test("byte by byte, with empty chunks between", () => {
    const chunks = [...clientStream].flatMap((octet) => [Buffer.of(octet), Buffer.alloc(0)]);
    expect(readAll(clientReader(), chunks)).toEqual(expected);
  });

  test("in two, at every byte", () => {
    for (let cut = 0; cut <= clientStream.length; cut++) {
      const chunks = [clientStream.subarray(0, cut), clientStream.subarray(cut)];
      expect(readAll(clientReader(), chunks), `cut at ${cut}`).toEqual(expected);
    }
  });

  test("in three, at every pair of bytes within a publish", () => {
    const stream = Buffer.concat([
      methodFrame("basic.publish", {}),
      headerFrame(2),
      bodyFrame("hi"),
    ]);
    const whole = readAll(new FrameReader(), [stream]);
    expect(whole.map(({ type }) => type)).toEqual(["method", "header", "body"]);
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        const cuts = [stream.subarray(0, first), stream.subarray(first, second)];
        const seen = readAll(new FrameReader(), [...cuts, stream.subarray(second)]);
        if (JSON.stringify(seen) !== JSON.stringify(whole)) {
          expect(seen, `cut at ${first} and ${second}`).toEqual(whole);
        }
      }
    }
  });
});

test("midFrame is true exactly where a cut is not between frames", () => {
  const boundaries = new Set([0, ...expected.map(({ endInStream }) => endInStream)]);
  for (let cut = 0; cut <= clientStream.length; cut++) {
    const reader = clientReader();
    reader.read(clientStream.subarray(0, cut));
    expect(reader.midFrame, `cut at ${cut}`).toBe(!boundaries.has(cut));
  }
});

test("the broker's direction begins with a frame", () => {
  const start = methodFrame(
    "connection.start",
    { serverProperties: {}, mechanisms: Buffer.of() },
    0,
  );
  expect(readAll(new FrameReader(), [start]).map(({ type }) => type)).toEqual(["method"]);
});

test("a payload that lies whole in a chunk is a view of it", () => {
  const chunk = Buffer.concat([methodFrame("basic.publish", {}), headerFrame(1)]);
  const frames = new FrameReader().read(chunk);
  chunk.fill(0x61);
  for (const { payload, size } of frames) expect(payload).toEqual(Buffer.alloc(size, 0x61));
});

test("an assembled payload does not change with the chunks it came in", () => {
  const frame = methodFrame("basic.publish", { routingKey: "tasks" });
  const head = Buffer.from(frame.subarray(0, 12));
  const tail = Buffer.from(frame.subarray(12));
  const reader = new FrameReader();
  reader.read(head);
  head.fill(0);
  expect(reader.read(tail)[0]?.payload).toEqual(payloadOf(frame));
});

test("a large body is counted, not kept", () => {
  const size = 15 * 1024 * 1024;
  const reader = new FrameReader({ limit: 0 });
  const head = bodyFrame("").subarray(0, 7);
  head.writeUInt32BE(size, 3);
  const chunk = Buffer.alloc(64 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  reader.read(head);
  for (let fed = 0; fed < size; fed += chunk.length) expect(reader.read(chunk)).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  expect(reader.read(Buffer.of(0xce))).toEqual([
    { type: "body", channel: 1, size, payload: null, end: 1 },
  ]);
});
