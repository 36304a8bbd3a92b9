import { describe, expect, test } from "vitest";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { heartbeatFrame, methodFrame, protocolHeader } from "./amqplib-codec.ts";

const KIB = 1024;

/** The head of a frame on channel 1. */
function head(type: number, size: number): Buffer {
  const bytes = Buffer.of(type, 0, 1, 0, 0, 0, 0);
  bytes.writeUInt32BE(size, 3);
  return bytes;
}

/** The violation that a stream is refused with, or undefined when it is accepted. */
function refusal(reader: FrameReader, chunks: readonly Buffer[]): string | undefined {
  try {
    for (const chunk of chunks) reader.read(chunk);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolViolation);
    return (error as ProtocolViolation).message;
  }
}

const publish = methodFrame("basic.publish", {});
const badEnd = Buffer.from(publish);
badEnd[badEnd.length - 1] = 0xcd;
const badHeartbeat = Buffer.from(heartbeatFrame);
badHeartbeat[2] = 1;
const tlsHello = Buffer.from("16030100f1010000ed0303", "hex");

const fromClient = { protocolHeader: true };
const fromBroker = {};

const cases = [
  {
    what: "a TLS handshake",
    options: fromClient,
    bytes: tlsHello,
    message:
      "expected the AMQP 0-9-1 protocol header, saw TLS, which is not covered " +
      '(use amqp://, not amqps://): 16 03 01 00 f1 01 00 00 ("........") (at byte 0 of the stream)',
  },
  {
    what: "AMQP 1.0",
    options: fromClient,
    bytes: Buffer.from("AMQP\x00\x01\x00\x00"),
    message:
      "expected the AMQP 0-9-1 protocol header, saw AMQP 1.0, which is not covered: " +
      '41 4d 51 50 00 01 00 00 ("AMQP....") (at byte 0 of the stream)',
  },
  {
    what: "AMQP 1.0 with SASL",
    options: fromClient,
    bytes: Buffer.from("AMQP\x03\x01\x00\x00"),
    message:
      "expected the AMQP 0-9-1 protocol header, saw AMQP 1.0, which is not covered: " +
      '41 4d 51 50 03 01 00 00 ("AMQP....") (at byte 0 of the stream)',
  },
  {
    what: "AMQP 0-8",
    options: fromClient,
    bytes: Buffer.from("AMQP\x01\x01\x08\x00"),
    message:
      "expected the AMQP 0-9-1 protocol header, saw a protocol header of another AMQP version, " +
      'which is not covered: 41 4d 51 50 01 01 08 00 ("AMQP....") (at byte 0 of the stream)',
  },
  {
    what: "HTTP",
    options: fromClient,
    bytes: Buffer.from("GET / HTTP/1.1\r\n"),
    message:
      "expected the AMQP 0-9-1 protocol header, saw not AMQP: " +
      '47 45 54 20 2f 20 48 54 ("GET / HT") (at byte 0 of the stream)',
  },
  {
    what: "what only begins like TLS",
    options: fromClient,
    bytes: Buffer.from("1604030201000000", "hex"),
    message:
      "expected the AMQP 0-9-1 protocol header, saw not AMQP: " +
      '16 04 03 02 01 00 00 00 ("........") (at byte 0 of the stream)',
  },
  {
    what: "a TLS alert from the broker",
    options: fromBroker,
    bytes: Buffer.from("15030300020246", "hex"),
    message:
      "unknown frame type 21, TLS, which is not covered (use amqp://, not amqps://): " +
      '15 03 03 00 02 02 46 ("......F") (at byte 0 of the stream)',
  },
  {
    what: "a broker that answers with its own protocol header",
    options: fromBroker,
    bytes: protocolHeader,
    message:
      "unknown frame type 65, the AMQP 0-9-1 protocol header, which only a client sends: " +
      '41 4d 51 50 00 00 09 ("AMQP...") (at byte 0 of the stream)',
  },
  {
    what: "an unknown frame type in mid-stream",
    options: fromBroker,
    bytes: Buffer.concat([publish, head(4, 0)]),
    message: `unknown frame type 4 (at byte ${publish.length} of the stream)`,
  },
  {
    what: "a wrong end octet",
    options: fromClient,
    bytes: Buffer.concat([protocolHeader, publish, badEnd]),
    message:
      "expected the end octet 0xce of a method frame, saw 0xcd " +
      `(at byte ${8 + 2 * publish.length - 1} of the stream)`,
  },
  {
    what: "a heartbeat on a channel",
    options: fromBroker,
    bytes: Buffer.concat([heartbeatFrame, badHeartbeat]),
    message:
      "a heartbeat belongs on channel 0 and is empty, saw one of 0 bytes on channel 1 " +
      "(at byte 8 of the stream)",
  },
  {
    what: "a heartbeat with a payload",
    options: fromBroker,
    bytes: Buffer.of(8, 0, 0, 0, 0, 0, 3, 1, 2, 3, 0xce),
    message:
      "a heartbeat belongs on channel 0 and is empty, saw one of 3 bytes on channel 0 " +
      "(at byte 0 of the stream)",
  },
  {
    what: "a frame over the limit",
    options: fromBroker,
    bytes: Buffer.concat([publish, head(3, 128 * KIB + 1)]),
    message: `a body frame of 131081 bytes is over the limit of 131080 (at byte ${publish.length} of the stream)`,
  },
];

describe("refused, in the same words however the stream is cut", () => {
  test.for(cases)("$what", ({ options, bytes, message }) => {
    expect(refusal(new FrameReader(options), [bytes])).toBe(message);
    for (let cut = 1; cut < bytes.length; cut++) {
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(refusal(new FrameReader(options), chunks), `cut at ${cut}`).toBe(message);
    }
  });
});

test("a refused stream stays refused, with the first violation", () => {
  const reader = new FrameReader();
  const first = refusal(reader, [head(9, 0)]);
  expect(first).toContain("unknown frame type 9");
  expect(refusal(reader, [publish])).toBe(first);
});

describe("the frame limit", () => {
  test("a large frame within it is read byte by byte", () => {
    const reader = new FrameReader();
    const size = 100 * KIB;
    reader.read(head(1, size));
    const octet = Buffer.of(0x61);
    for (let fed = 0; fed < size; fed++) reader.read(octet);
    const [frame] = reader.read(Buffer.of(0xce));
    expect(frame?.payload?.equals(Buffer.alloc(size, 0x61))).toBe(true);
  });

  test.for([
    { limit: undefined, largest: 128 * KIB + 8 },
    { limit: 4096, largest: 4096 },
    { limit: 0, largest: 16 * KIB * KIB },
    { limit: 2 ** 32, largest: 16 * KIB * KIB },
  ])("of $limit admits $largest bytes, and refuses one more at its head", ({ limit, largest }) => {
    for (const type of [1, 2, 3]) {
      const options = limit === undefined ? {} : { limit };
      expect(refusal(new FrameReader(options), [head(type, largest - 8)])).toBeUndefined();
      expect(refusal(new FrameReader(options), [head(type, largest - 7)])).toContain(
        `frame of ${largest + 1} bytes is over the limit of ${largest}`,
      );
    }
  });

  test("holds from the next frame on", () => {
    const reader = new FrameReader();
    reader.read(head(3, 5000));
    reader.limit = 4096;
    expect(reader.read(Buffer.concat([Buffer.alloc(5000), Buffer.of(0xce)]))).toHaveLength(1);
    expect(refusal(reader, [head(3, 5000)])).toContain("over the limit of 4096");
  });

  test.for([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("cannot be %d", (limit) => {
    expect(() => new FrameReader({ limit })).toThrow(RangeError);
  });
});
