import type { Frame } from "../amqp/frame.ts";
import { decodeMethod, type Method } from "../amqp/methods.ts";
import { type ContentProperties, decodeContentHeader } from "../amqp/properties.ts";

/** A frame that has arrived at the link, and what it says. */
export type Arrived = {
  channel: number;
  /** Offset in its chunk just after its last byte. */
  end: number;
} & (
  | { type: "method"; method: Method }
  /** `bodySize`: bytes of body that follow. */
  | { type: "header"; properties: ContentProperties; bodySize: number }
  /** `size`: bytes of body in this frame. */
  | { type: "body"; size: number }
  | { type: "heartbeat" | "protocol-header" }
);

/** @throws ProtocolViolation for a method or content header that can't be read. */
export function decode(frame: Frame, options: { headers?: boolean } = {}): Arrived {
  const { type, channel, end } = frame;
  if (type === "method") return { type, channel, end, method: decodeMethod(frame.payload) };
  if (type === "header") {
    return { type, channel, end, ...decodeContentHeader(frame.payload, options) };
  }
  if (type === "body") return { type, channel, end, size: frame.size };
  return { type, channel, end };
}
