import { createRequire } from "node:module";

/**
 * amqplib's own codec: bytes that our reader had no part in. The package does not export it, hence
 * the path.
 */
const require = createRequire(import.meta.url);
const lib = (file: string) => require(`../../../node_modules/amqplib/lib/${file}.js`);

type Fields = Record<string, unknown>;

interface Defs {
  encodeMethod(id: number, channel: number, fields: Fields): Buffer;
  encodeProperties(
    classId: number,
    channel: number,
    bodySize: number | bigint,
    fields: Fields,
  ): Buffer;
  [exported: string]: unknown;
}

interface MethodInfo {
  id: number;
  name: string;
}

const defs: Defs = lib("defs");
const framing = lib("frame") as {
  makeBodyFrame(channel: number, body: Buffer): Buffer;
  HEARTBEAT_BUF: Buffer;
  PROTOCOL_HEADER: string;
};
const codec = lib("codec") as {
  encodeTable(target: Buffer, table: Fields, offset: number): number;
};

/** Every method amqplib knows, by its AMQP name ("basic.consume-ok"). */
export const amqplibMethods = new Map<string, number>(
  Object.keys(defs)
    .filter((key) => key.startsWith("methodInfo"))
    .map((key) => defs[key] as MethodInfo)
    .map(({ name, id }) => [amqpName(name), id]),
);

/** "BasicConsumeOk" is basic.consume-ok. */
function amqpName(name: string): string {
  const [className, ...words] = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return `${className}.${words.join("-")}`;
}

/** A whole method frame. */
export function methodFrame(name: string, fields: Fields = {}, channel = 1): Buffer {
  const id = amqplibMethods.get(name);
  if (id === undefined) throw new Error(`amqplib has no method ${name}`);
  return defs.encodeMethod(id, channel, fields);
}

/** A whole content header frame. */
export function headerFrame(
  bodySize: number | bigint,
  properties: Fields = {},
  channel = 1,
): Buffer {
  return defs.encodeProperties(60, channel, bodySize, properties);
}

/** A whole body frame. */
export function bodyFrame(body: Buffer | string, channel = 1): Buffer {
  return framing.makeBodyFrame(channel, Buffer.from(body));
}

export const heartbeatFrame: Buffer = framing.HEARTBEAT_BUF;
export const protocolHeader: Buffer = Buffer.from(framing.PROTOCOL_HEADER, "latin1");

/** A field table with its length in front. */
export function tableBytes(table: Fields): Buffer {
  const target = Buffer.alloc(64 * 1024);
  return target.subarray(0, codec.encodeTable(target, table, 0));
}

/** What lies between a frame's head and its end octet. */
export function payloadOf(frame: Buffer): Buffer {
  return frame.subarray(7, -1);
}
