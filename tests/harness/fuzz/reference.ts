/**
 * The frames of a stream by the letter of the specification, read in one piece and without a
 * thought of speed: what the frame reader is compared with.
 */
import type { Frame } from "../../../harness/amqp/frame.ts";

export interface ReferenceFrame {
  type: Frame["type"];
  channel: number;
  size: number;
  start: number;
  end: number;
}

export interface Reading {
  frames: ReferenceFrame[];
  /** The byte by which it is plain that this is not AMQP 0-9-1; null for none. */
  violatedAt: number | null;
}

const TYPES = new Map<number, Frame["type"]>([
  [1, "method"],
  [2, "header"],
  [3, "body"],
  [8, "heartbeat"],
]);

/** @param limit the largest whole frame, in bytes. */
export function readByReference(stream: Buffer, limit: number, protocolHeader: boolean): Reading {
  const frames: ReferenceFrame[] = [];
  let start = 0;
  if (protocolHeader) {
    if (stream.length < 8) return { frames, violatedAt: null };
    if (stream.toString("latin1", 0, 8) !== "AMQP\0\0\x09\x01") return { frames, violatedAt: 7 };
    frames.push({ type: "protocol-header", channel: 0, size: 0, start, end: 8 });
    start = 8;
  }
  while (stream.length - start >= 7) {
    const type = TYPES.get(stream.readUInt8(start));
    const channel = stream.readUInt16BE(start + 1);
    const size = stream.readUInt32BE(start + 3);
    const badHeartbeat = type === "heartbeat" && (channel > 0 || size > 0);
    if (!type || badHeartbeat || size + 8 > limit) return { frames, violatedAt: start + 6 };
    const end = start + size + 8;
    if (end > stream.length) break;
    if (stream[end - 1] !== 0xce) return { frames, violatedAt: end - 1 };
    frames.push({ type, channel, size, start, end });
    start = end;
  }
  return { frames, violatedAt: null };
}
