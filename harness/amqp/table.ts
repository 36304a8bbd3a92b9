import type { FieldReader } from "./field-reader.ts";

/** A field table as plain values. It has no prototype, so that any key is only a key. */
export interface Table {
  [key: string]: Value;
}

/** A 64-bit integer that a number can't hold exactly is a bigint; a timestamp is in seconds. */
export type Value = string | number | bigint | boolean | null | Buffer | Value[] | Table;

/** Reads a field table. A key that occurs twice has its last value. */
export function readTable(fields: FieldReader): Table {
  const table: Table = Object.create(null);
  const inside = fields.section();
  while (!inside.done) table[inside.shortString()] = readValue(inside);
  return table;
}

function readArray(fields: FieldReader): Value[] {
  const values: Value[] = [];
  const inside = fields.section();
  while (!inside.done) values.push(readValue(inside));
  return values;
}

function readValue(fields: FieldReader): Value {
  const type = String.fromCharCode(fields.octet());
  const read = READERS[type];
  if (read === undefined) fields.fail(`unknown field type ${JSON.stringify(type)}`);
  return read(fields);
}

/**
 * The types as RabbitMQ reads them, which is not quite as the specification has them: `s` is a
 * 16-bit integer, and both `l` and `L` are signed. `U` is the specification's own 16-bit integer.
 */
const READERS: Readonly<Record<string, (fields: FieldReader) => Value>> = {
  t: (fields) => fields.octet() !== 0,
  b: (fields) => fields.bytes(1).readInt8(),
  B: (fields) => fields.octet(),
  s: (fields) => fields.bytes(2).readInt16BE(),
  U: (fields) => fields.bytes(2).readInt16BE(),
  u: (fields) => fields.short(),
  I: (fields) => fields.bytes(4).readInt32BE(),
  i: (fields) => fields.long(),
  l: (fields) => exact(fields.bytes(8).readBigInt64BE()),
  L: (fields) => exact(fields.bytes(8).readBigInt64BE()),
  f: (fields) => fields.bytes(4).readFloatBE(),
  d: (fields) => fields.bytes(8).readDoubleBE(),
  D: readDecimal,
  S: (fields) => fields.longString(),
  T: (fields) => exact(fields.bytes(8).readBigUInt64BE()),
  A: readArray,
  F: readTable,
  V: () => null,
  // Copied: a value may outlive the chunk it came in.
  x: (fields) => Buffer.from(fields.bytes(fields.long())),
};

/** Digits after the point, then all digits: 2 and 314 are 3.14. */
function readDecimal(fields: FieldReader): number {
  const places = fields.octet();
  return fields.long() / 10 ** places;
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
