import { describe, expect, test } from "vitest";
import { METHOD_IDS, methodId } from "../../../harness/amqp/method-ids.ts";
import { carriesContent, decodeMethod, type Method } from "../../../harness/amqp/methods.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { amqplibMethods, methodFrame, payloadOf } from "./amqplib-codec.ts";

/** The largest tag a number holds exactly. */
const MAX_TAG = Number.MAX_SAFE_INTEGER;

/** amqplib's fields, and what we make of their bytes. */
const cases: readonly [fields: Record<string, unknown>, expected: Method][] = [
  [
    {
      serverProperties: {
        capabilities: { publisher_confirms: true, consumer_priorities: true },
        product: "RabbitMQ",
        version: "4.3.6",
      },
      mechanisms: Buffer.from("PLAIN AMQPLAIN"),
    },
    { name: "connection.start", product: "RabbitMQ", version: "4.3.6" },
  ],
  [
    { serverProperties: { product: 7 }, mechanisms: Buffer.from("PLAIN") },
    { name: "connection.start", product: null, version: null },
  ],
  [
    {
      clientProperties: {
        product: "amqplib",
        version: "2.3.1",
        capabilities: { basic_nack: true },
        connection_name: "worker-1",
      },
      mechanism: "PLAIN",
      response: Buffer.from("\0user\0hunter2"),
    },
    {
      name: "connection.start-ok",
      product: "amqplib",
      version: "2.3.1",
      connectionName: "worker-1",
      mechanism: "PLAIN",
    },
  ],
  [
    { clientProperties: {}, mechanism: "EXTERNAL", response: Buffer.alloc(0) },
    {
      name: "connection.start-ok",
      product: null,
      version: null,
      connectionName: null,
      mechanism: "EXTERNAL",
    },
  ],
  [
    { channelMax: 2047, frameMax: 131_072, heartbeat: 60 },
    { name: "connection.tune-ok", channelMax: 2047, frameMax: 131_072, heartbeat: 60 },
  ],
  [
    { channelMax: 0xffff, frameMax: 0xffff_ffff, heartbeat: 0xffff },
    { name: "connection.tune-ok", channelMax: 0xffff, frameMax: 0xffff_ffff, heartbeat: 0xffff },
  ],
  [{ virtualHost: "/Größe" }, { name: "connection.open", vhost: "/Größe" }],
  [{ virtualHost: "" }, { name: "connection.open", vhost: "" }],
  [{}, { name: "connection.open-ok" }],
  [
    { replyCode: 320, replyText: "CONNECTION_FORCED", classId: 60, methodId: 40 },
    { name: "connection.close", code: 320, text: "CONNECTION_FORCED" },
  ],
  [{}, { name: "connection.close-ok" }],
  [{ reason: "low on memory" }, { name: "connection.blocked", reason: "low on memory" }],
  [{}, { name: "connection.unblocked" }],

  [{}, { name: "channel.open" }],
  [{}, { name: "channel.open-ok" }],
  [
    { replyCode: 406, replyText: "PRECONDITION_FAILED", classId: 60, methodId: 80 },
    { name: "channel.close", code: 406, text: "PRECONDITION_FAILED" },
  ],
  [{}, { name: "channel.close-ok" }],
  [{ nowait: false }, { name: "confirm.select", nowait: false }],
  [{ nowait: true }, { name: "confirm.select", nowait: true }],
  [{}, { name: "confirm.select-ok" }],
  [{}, { name: "tx.select" }],
  [{}, { name: "tx.commit" }],
  [{}, { name: "tx.rollback" }],

  [
    { prefetchSize: 0x01020304, prefetchCount: 65_535, global: false },
    { name: "basic.qos", prefetchCount: 65_535, global: false },
  ],
  [
    { prefetchCount: 1, global: true },
    { name: "basic.qos", prefetchCount: 1, global: true },
  ],
  [{}, { name: "basic.qos-ok" }],
  [
    { queue: "tasks", consumerTag: "me", arguments: { "x-priority": 10 } },
    consume({ queue: "tasks", consumerTag: "me" }),
  ],
  [{ noLocal: true }, consume({})],
  [{ noAck: true }, consume({ noAck: true })],
  [{ exclusive: true }, consume({ exclusive: true })],
  [{ nowait: true }, consume({ nowait: true })],
  [{ consumerTag: "amq.ctag-1" }, { name: "basic.consume-ok", consumerTag: "amq.ctag-1" }],
  [{ consumerTag: "me" }, { name: "basic.cancel", consumerTag: "me", nowait: false }],
  [
    { consumerTag: "", nowait: true },
    { name: "basic.cancel", consumerTag: "", nowait: true },
  ],
  [{ consumerTag: "me" }, { name: "basic.cancel-ok", consumerTag: "me" }],
  [
    { exchange: "ex", routingKey: "tasks", mandatory: true, immediate: false },
    { name: "basic.publish", exchange: "ex", routingKey: "tasks", mandatory: true },
  ],
  [
    { exchange: "", routingKey: "k".repeat(255), mandatory: false, immediate: true },
    { name: "basic.publish", exchange: "", routingKey: "k".repeat(255), mandatory: false },
  ],
  [
    { replyCode: 312, replyText: "NO_ROUTE", exchange: "ex", routingKey: "tasks" },
    { name: "basic.return", code: 312, text: "NO_ROUTE", exchange: "ex", routingKey: "tasks" },
  ],
  [
    { consumerTag: "c", deliveryTag: 1, redelivered: false, exchange: "", routingKey: "tasks" },
    deliver({ deliveryTag: 1, redelivered: false }),
  ],
  [
    {
      consumerTag: "c",
      deliveryTag: MAX_TAG,
      redelivered: true,
      exchange: "",
      routingKey: "tasks",
    },
    deliver({ deliveryTag: MAX_TAG, redelivered: true }),
  ],
  [
    { queue: "tasks", noAck: false },
    { name: "basic.get", queue: "tasks", noAck: false },
  ],
  [
    { queue: "tasks", noAck: true },
    { name: "basic.get", queue: "tasks", noAck: true },
  ],
  [
    { deliveryTag: 2 ** 32, redelivered: false, exchange: "e", routingKey: "k", messageCount: 9 },
    { name: "basic.get-ok", deliveryTag: 2 ** 32, redelivered: false, messageCount: 9 },
  ],
  [
    { deliveryTag: 3, redelivered: true, exchange: "", routingKey: "", messageCount: 0xffff_ffff },
    { name: "basic.get-ok", deliveryTag: 3, redelivered: true, messageCount: 0xffff_ffff },
  ],
  [{}, { name: "basic.get-empty" }],
  [
    { deliveryTag: 0, multiple: true },
    { name: "basic.ack", deliveryTag: 0, multiple: true },
  ],
  [
    { deliveryTag: 5, multiple: false },
    { name: "basic.ack", deliveryTag: 5, multiple: false },
  ],
  [
    { deliveryTag: 5, requeue: true },
    { name: "basic.reject", deliveryTag: 5, requeue: true },
  ],
  [
    { deliveryTag: 5, requeue: false },
    { name: "basic.reject", deliveryTag: 5, requeue: false },
  ],
  [
    { deliveryTag: 5, multiple: true, requeue: false },
    { name: "basic.nack", deliveryTag: 5, multiple: true, requeue: false },
  ],
  [
    { deliveryTag: 5, multiple: false, requeue: true },
    { name: "basic.nack", deliveryTag: 5, multiple: false, requeue: true },
  ],
  [{ requeue: true }, { name: "basic.recover", requeue: true }],
  [{ requeue: false }, { name: "basic.recover", requeue: false }],
  [{ requeue: true }, { name: "basic.recover-async", requeue: true }],
  [{ requeue: false }, { name: "basic.recover-async", requeue: false }],
];

function consume(fields: Partial<Extract<Method, { name: "basic.consume" }>>): Method {
  const flags = { noAck: false, exclusive: false, nowait: false };
  return { name: "basic.consume", queue: "", consumerTag: "", ...flags, ...fields };
}

function deliver(fields: { deliveryTag: number; redelivered: boolean }): Method {
  return { name: "basic.deliver", consumerTag: "c", exchange: "", routingKey: "tasks", ...fields };
}

const encoded = cases.map(([fields, expected]) => ({
  name: expected.name,
  fields,
  expected,
  payload: payloadOf(methodFrame(expected.name, fields)),
}));

describe("a method that amqplib encodes", () => {
  test.for(encoded)("$name $fields", ({ payload, expected }) => {
    expect(decodeMethod(payload)).toStrictEqual(expected);
  });

  test("is among the cases, whichever we observe", () => {
    expect(new Set(encoded.map(({ name }) => name))).toEqual(new Set(Object.keys(METHOD_IDS)));
  });

  test("has the id that amqplib knows", () => {
    for (const [name, id] of Object.entries(METHOD_IDS)) {
      expect(amqplibMethods.get(name), name).toBe(id);
    }
    for (const { payload, expected } of encoded) {
      expect(methodId(payload)).toBe(amqplibMethods.get(expected.name));
    }
  });

  test("is 'other' where we don't observe it", () => {
    const others = [...amqplibMethods].filter(([name]) => !(name in METHOD_IDS));
    expect(others.length).toBeGreaterThan(20);
    for (const [name, id] of others) {
      const payload = Buffer.alloc(4);
      payload.writeUInt32BE(id);
      const expected = { name: "other", classId: id >>> 16, methodId: id & 0xffff };
      expect(decodeMethod(payload), name).toStrictEqual(expected);
    }
  });
});

test("exactly the methods with content carry it", () => {
  const names = [...Object.keys(METHOD_IDS), "other"] as Method["name"][];
  expect(names.filter(carriesContent).toSorted()).toEqual([
    "basic.deliver",
    "basic.get-ok",
    "basic.publish",
    "basic.return",
  ]);
});

describe("hostile payloads", () => {
  test("a method cut short anywhere is a violation that names it", () => {
    for (const { name, payload } of encoded) {
      for (let length = 0; length < payload.length; length++) {
        const decode = () => decodeMethod(payload.subarray(0, length));
        expect(decode, `${name} cut at ${length}`).toThrow(ProtocolViolation);
        if (length >= 4) expect(decode).toThrow(`${name}: cut short: a field of`);
      }
    }
  });

  test("bytes after the last field are a violation", () => {
    for (const { name, payload } of encoded) {
      const decode = () => decodeMethod(Buffer.concat([payload, Buffer.of(0)]));
      expect(decode, name).toThrow(`${name}: 1 bytes after the last field`);
      expect(decode, name).toThrow(ProtocolViolation);
    }
  });

  test.for([
    ["basic.deliver", { consumerTag: "c", exchange: "", routingKey: "" }],
    ["basic.get-ok", { exchange: "", routingKey: "", messageCount: 0 }],
    ["basic.ack", {}],
    ["basic.reject", {}],
    ["basic.nack", {}],
  ] as const)("%s reads a tag that no number holds exactly as the highest", ([name, fields]) => {
    for (const deliveryTag of [2 ** 53, 2 ** 63]) {
      const payload = payloadOf(methodFrame(name, { redelivered: false, ...fields, deliveryTag }));
      expect(decodeMethod(payload)).toMatchObject({ name, deliveryTag: MAX_TAG });
    }
  });
});

test("a password is in no method and in no error", () => {
  const startOk = encoded.find(({ payload }) => payload.includes("hunter2"));
  if (startOk === undefined) throw new Error("no case has a password");
  expect(JSON.stringify(decodeMethod(startOk.payload))).not.toContain("hunter2");
  for (let length = 0; length < startOk.payload.length; length++) {
    expect(() => decodeMethod(startOk.payload.subarray(0, length))).not.toThrow("hunter2");
  }
});
