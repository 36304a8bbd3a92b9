import { describe, expect, test } from "vitest";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { decodeMethod } from "../../../harness/amqp/methods.ts";
import { decodeContentHeader } from "../../../harness/amqp/properties.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { headerFrame, methodFrame, payloadOf } from "./amqplib-codec.ts";
import { Random } from "./random.ts";
import { clientStream, readAll } from "./sample-stream.ts";

const RUNS = 5_000;

/** What `attempt` returns, or the violation's message. Any other error fails the test. */
function outcome<T>(attempt: () => T): T | string {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof ProtocolViolation)) throw error;
    return error.message;
  }
}

/** Reads and decodes everything, as the link does. */
function digest(chunks: readonly Buffer[]): unknown {
  const reader = new FrameReader({ protocolHeader: true });
  for (const chunk of chunks) {
    for (const { type, payload } of reader.read(chunk)) {
      if (type === "method") outcome(() => decodeMethod(payload));
      if (type === "header") outcome(() => decodeContentHeader(payload, { headers: true }));
    }
  }
  return reader.midFrame;
}

test("a corrupted stream is read or refused, the same way however it is cut", () => {
  const random = new Random(1);
  const outcomes = { refused: 0, read: 0 };
  for (let run = 0; run < RUNS; run++) {
    const stream = random.corrupt(clientStream);
    const chunks = random.chunks(stream, 40);
    outcome(() => digest(chunks));
    const reader = () => new FrameReader({ protocolHeader: true });
    const whole = outcome(() => readAll(reader(), [stream]));
    const cut = outcome(() => readAll(reader(), chunks));
    if (JSON.stringify(cut) !== JSON.stringify(whole)) expect(cut, `run ${run}`).toEqual(whole);
    outcomes[typeof whole === "string" ? "refused" : "read"]++;
  }
  expect(outcomes.refused).toBeGreaterThan(RUNS / 10);
  expect(outcomes.read).toBeGreaterThan(RUNS / 10);
});

const startOk = methodFrame("connection.start-ok", {
  clientProperties: { product: "sample", nested: { list: [1, "two", { three: 3 }] }, when: null },
  response: Buffer.from("secret"),
});
const deliver = methodFrame("basic.deliver", {
  consumerTag: "amq.ctag-1",
  deliveryTag: 7,
  redelivered: true,
  exchange: "",
  routingKey: "tasks",
});
const header = headerFrame(11, {
  contentType: "text/plain",
  headers: { "x-death": [{ count: 1, reason: "rejected" }], flag: true },
  deliveryMode: 2,
  messageId: "task-1",
  timestamp: 1_700_000_000,
});

describe("a corrupted payload is decoded or refused", () => {
  const withHeaders = (payload: Buffer) => decodeContentHeader(payload, { headers: true });

  test.for([
    ["connection.start-ok", startOk, decodeMethod],
    ["basic.deliver", deliver, decodeMethod],
    ["content header", header, withHeaders],
  ] as const)("%s", ([, frame, decode]) => {
    const random = new Random(2);
    const outcomes = { refused: 0, decoded: 0 };
    for (let run = 0; run < RUNS; run++) {
      const payload = random.corrupt(payloadOf(frame));
      const seen = outcome<unknown>(() => decode(payload));
      outcomes[typeof seen === "string" ? "refused" : "decoded"]++;
    }
    expect(outcomes.refused).toBeGreaterThan(RUNS / 10);
    expect(outcomes.decoded).toBeGreaterThan(0);
  });
});
