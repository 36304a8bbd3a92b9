import { describe, expect, test } from "vitest";
import { FieldReader } from "../../../harness/amqp/field-reader.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { readTable, type Table } from "../../../harness/amqp/table.ts";
import { tableBytes } from "./amqplib-codec.ts";

function read(bytes: Buffer): Table {
  const fields = new FieldReader(bytes, "test table");
  const table = readTable(fields);
  fields.expectDone();
  return table;
}

/** A table of one field, `k`, with this type and these bytes. */
function field(type: string, ...bytes: number[]): Buffer {
  return table(Buffer.from([1, "k".charCodeAt(0), type.charCodeAt(0), ...bytes]));
}

function table(inside: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(inside.length);
  return Buffer.concat([length, inside]);
}

/** As amqplib's encoder wants a value of a certain type. */
const typed = (type: string, value: unknown) => ({ "!": type, value });

const everyType = tableBytes({
  t: true,
  tFalse: false,
  b: typed("int8", -128),
  B: typed("uint8", 255),
  s: typed("int16", -32_768),
  u: typed("uint16", 65_535),
  I: typed("int32", -(2 ** 31)),
  i: typed("uint32", 2 ** 32 - 1),
  l: typed("int64", -(2 ** 40)),
  lBig: typed("int64", 2n ** 63n - 1n),
  f: typed("float", 0.5),
  d: 3.14,
  D: typed("decimal", { places: 2, digits: 314 }),
  S: "Größe",
  empty: "",
  T: typed("timestamp", 1_700_000_000),
  TBig: typed("timestamp", 2n ** 64n - 1n),
  A: ["a", 1, [true, null], { in: "array" }],
  F: { nested: { deeper: "still" }, none: {} },
  V: null,
  x: Buffer.of(0, 255),
});

describe("a table that amqplib encodes", () => {
  test("of every type it can", () => {
    expect(read(everyType)).toEqual({
      t: true,
      tFalse: false,
      b: -128,
      B: 255,
      s: -32_768,
      u: 65_535,
      I: -(2 ** 31),
      i: 2 ** 32 - 1,
      l: -(2 ** 40),
      lBig: 2n ** 63n - 1n,
      f: 0.5,
      d: 3.14,
      D: 3.14,
      S: "Größe",
      empty: "",
      T: 1_700_000_000,
      TBig: 2n ** 64n - 1n,
      A: ["a", 1, [true, null], { in: "array" }],
      F: { nested: { deeper: "still" }, none: {} },
      V: null,
      x: Buffer.of(0, 255),
    });
  });

  test("and an empty one", () => {
    expect(read(tableBytes({}))).toEqual({});
  });
});

describe("types that amqplib does not encode", () => {
  test("L is a signed 64-bit integer", () => {
    expect(read(field("L", 255, 255, 255, 255, 255, 255, 255, 254))).toEqual({ k: -2 });
  });

  test("U is a signed 16-bit integer", () => {
    expect(read(field("U", 255, 254))).toEqual({ k: -2 });
  });

  test("a boolean is anything but 0", () => {
    expect(read(field("t", 2))).toEqual({ k: true });
  });
});

test("binary values outlive the bytes they came in", () => {
  const bytes = Buffer.from(tableBytes({ x: Buffer.of(1, 2) }));
  const { x } = read(bytes);
  bytes.fill(0);
  expect(x).toEqual(Buffer.of(1, 2));
});

test("any key is only a key", () => {
  const bytes = tableBytes(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'));
  const seen = read(bytes);
  expect(Object.keys(seen)).toEqual(["__proto__", "constructor"]);
  expect(seen.polluted).toBeUndefined();
});

describe("hostile tables", () => {
  test("cut short anywhere", () => {
    for (let length = 0; length < everyType.length; length++) {
      const decode = () => read(everyType.subarray(0, length));
      expect(decode, `cut at ${length}`).toThrow(ProtocolViolation);
    }
  });

  test("whose length ends inside a field", () => {
    const inside = everyType.length - 4;
    for (let length = 0; length < inside; length++) {
      const bytes = Buffer.from(everyType.subarray(0, 4 + length));
      bytes.writeUInt32BE(length);
      // Where the length happens to fall between two fields, the table is a shorter valid one.
      try {
        expect(Object.keys(read(bytes)).length).toBeLessThan(Object.keys(read(everyType)).length);
      } catch (error) {
        if (!(error instanceof ProtocolViolation)) throw error;
      }
    }
  });

  test("with a value that runs past its own table", () => {
    const inner = Buffer.concat([field("S", 0, 0, 0, 9, 97), Buffer.from("12345678")]);
    inner.writeUInt32BE(inner.length - 4 - 8);
    expect(() => read(inner)).toThrow("test table: cut short: a field of 9 bytes, 1 left");
  });

  test("with an unknown type", () => {
    expect(() => read(field("q"))).toThrow(ProtocolViolation);
    expect(() => read(field("q"))).toThrow('test table: unknown field type "q"');
  });

  test.for(["F", "A"])("nested too deep in %s", (type) => {
    const nested = (depth: number) => {
      let bytes = table(Buffer.alloc(0));
      for (let level = depth - 1; level > 0; level--) {
        // An array's values have no keys, but the outermost of all is in a table.
        const key = type === "F" || level === 1 ? [0] : [];
        bytes = table(Buffer.concat([Buffer.from([...key, type.charCodeAt(0)]), bytes]));
      }
      return bytes;
    };
    expect(() => read(nested(64))).not.toThrow();
    for (const bytes of [nested(65), nested(5000)]) {
      expect(() => read(bytes)).toThrow(ProtocolViolation);
      expect(() => read(bytes)).toThrow("tables nested more than 64 deep");
    }
  });
});
