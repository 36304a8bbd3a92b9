import { FRAME_END, HEAD_BYTES, OVERHEAD_BYTES } from "../amqp/frame.ts";
import { METHOD_IDS } from "../amqp/method-ids.ts";
import type { Arrived } from "./arrived.ts";

/** A method frame, whole. */
type Frame = Buffer;

const METHOD = 1;
const CHANNEL_FLOW = (20 << 16) | 20;
const QUEUE_DECLARE = (50 << 16) | 10;

/** The name that a queue would have, and that the broker's refusal repeats. */
const QUEUE = "closed by ackproof";

/** `basic.ack` of one delivery. */
export function ack(channel: number, tag: number): Frame {
  const fields = Buffer.alloc(9);
  fields.writeBigUInt64BE(BigInt(tag));
  return frame(channel, METHOD_IDS["basic.ack"], fields);
}

/**
 * `channel.flow` to a channel that flows already: it changes nothing, and is answered only once the
 * channel has processed all that was sent before it.
 */
export function keepFlowing(channel: number): Frame {
  return frame(channel, CHANNEL_FLOW, Buffer.from([1]));
}

/** The answer to that. No client in use asks for it. */
export function isFlowOk(frame: Arrived, channel: number): boolean {
  if (frame.type !== "method" || frame.channel !== channel) return false;
  const { method } = frame;
  return method.name === "other" && method.classId === 20 && method.methodId === 21;
}

/** `queue.declare` of what no queue can be: the broker closes the channel for it, by code 406. */
export function impossible(channel: number): Frame {
  const reserved = Buffer.alloc(2);
  const durable = Buffer.from([0b10]);
  const negative = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const table = Buffer.concat([shortString("x-message-ttl"), Buffer.from("I"), negative]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(table.length);
  const fields = [reserved, shortString(QUEUE), durable, size, table];
  return frame(channel, QUEUE_DECLARE, Buffer.concat(fields));
}

function frame(channel: number, method: number, fields: Buffer): Frame {
  const bytes = Buffer.alloc(OVERHEAD_BYTES + 4 + fields.length, FRAME_END);
  bytes.writeUInt8(METHOD, 0);
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(4 + fields.length, 3);
  bytes.writeUInt32BE(method, HEAD_BYTES);
  fields.copy(bytes, HEAD_BYTES + 4);
  return bytes;
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
