import { describe, expect, test } from "vitest";
import { decodeContentHeader } from "../../../harness/amqp/properties.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { headerFrame, payloadOf } from "./amqplib-codec.ts";

const ALL = {
  contentType: "application/json",
  contentEncoding: "utf-8",
  headers: { attempt: 1, nested: { deep: "é" } },
  deliveryMode: 2,
  priority: 9,
  correlationId: "correlation-1",
  replyTo: "replies",
  expiration: "60000",
  messageId: "task-1",
  timestamp: 1_700_000_000,
  type: "mail",
  userId: "guest",
  appId: "app",
  clusterId: "cluster",
};

const OBSERVED = ["messageId", "correlationId", "deliveryMode"] as const;

function header(bodySize: number | bigint, properties: Record<string, unknown>): Buffer {
  return payloadOf(headerFrame(bodySize, properties));
}

describe("a content header that amqplib encodes", () => {
  test("with no property", () => {
    expect(decodeContentHeader(header(0, {}))).toStrictEqual({ bodySize: 0, properties: {} });
  });

  test("with every property", () => {
    expect(decodeContentHeader(header(1024, ALL))).toStrictEqual({
      bodySize: 1024,
      properties: { deliveryMode: 2, correlationId: "correlation-1", messageId: "task-1" },
    });
  });

  test("with headers, where they are asked for", () => {
    const { properties } = decodeContentHeader(header(1024, ALL), { headers: true });
    expect(properties.headers).toEqual({ attempt: 1, nested: { deep: "é" } });
  });

  test("with an empty id, which is not an absent one", () => {
    const { properties } = decodeContentHeader(header(0, { messageId: "" }));
    expect(properties).toStrictEqual({ messageId: "" });
  });

  test("with every combination of properties", () => {
    const entries = Object.entries(ALL);
    for (let combination = 0; combination < 2 ** entries.length; combination++) {
      const given = Object.fromEntries(entries.filter((_, index) => combination & (1 << index)));
      const observed = OBSERVED.filter((key) => key in given).map((key) => [key, ALL[key]]);
      const { properties } = decodeContentHeader(header(1, given));
      const expected = Object.fromEntries(observed);
      if (OBSERVED.some((key) => properties[key] !== expected[key])) {
        expect(properties, Object.keys(given).join()).toEqual(expected);
      }
    }
  });
});

describe("the body size", () => {
  test.for([0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n])("of %d is exact", (bodySize) => {
    expect(BigInt(decodeContentHeader(header(bodySize, {})).bodySize)).toBe(bodySize);
  });

  test.for([2n ** 53n, 2n ** 64n - 1n])(
    "of %d reads as the highest that a number holds",
    (bodySize) => {
      expect(decodeContentHeader(header(bodySize, {})).bodySize).toBe(Number.MAX_SAFE_INTEGER);
    },
  );
});

describe("hostile content headers", () => {
  test.for([false, true])("cut short anywhere (headers: %s)", (headers) => {
    const payload = header(1024, ALL);
    for (let length = 0; length < payload.length; length++) {
      const decode = () => decodeContentHeader(payload.subarray(0, length), { headers });
      expect(decode, `cut at ${length}`).toThrow(ProtocolViolation);
      expect(decode).toThrow("content header: cut short");
    }
  });

  test("bytes after the last property", () => {
    const payload = Buffer.concat([header(1, ALL), Buffer.of(0)]);
    expect(() => decodeContentHeader(payload)).toThrow(
      "content header: 1 bytes after the last field",
    );
  });

  test("content of another class", () => {
    const payload = Buffer.from(header(1, ALL));
    payload.writeUInt16BE(50);
    expect(() => decodeContentHeader(payload)).toThrow(ProtocolViolation);
    expect(() => decodeContentHeader(payload)).toThrow("content of class 50");
  });

  test("the two flags that name no property are ignored, as by RabbitMQ", () => {
    const payload = Buffer.from(header(1, ALL));
    payload.writeUInt16BE(payload.readUInt16BE(12) | 0b11, 12);
    expect(decodeContentHeader(payload)).toEqual(decodeContentHeader(header(1, ALL)));
  });
});
