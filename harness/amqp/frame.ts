/**
 * One frame, reported in the chunk that completes it. Its whole length on the wire is `size + 8`.
 *
 * A payload shares memory with the chunk where it can: decode it before the chunk is reused, and
 * don't keep it. Body payloads are counted, never assembled.
 */
export type Frame =
  | (FrameBounds & { type: "method" | "header"; payload: Buffer })
  | (FrameBounds & { type: "body" | "heartbeat"; payload: null })
  /** The client's first eight bytes. Not a frame to the specification; here one of size 0. */
  | (FrameBounds & { type: "protocol-header"; payload: null });

interface FrameBounds {
  channel: number;
  /** Bytes of payload. */
  size: number;
  /**
   * Offset in the chunk just after this frame's last byte. The bytes since the previous frame's
   * `end` (or the chunk's start) belong to this frame.
   */
  end: number;
}

export type FrameType = Exclude<Frame["type"], "protocol-header">;

/** Type (1), channel (2) and payload size (4) come before the payload, the end octet after it. */
export const HEAD_BYTES = 7;
export const OVERHEAD_BYTES = HEAD_BYTES + 1;
export const FRAME_END = 0xce;

/** The frame type that a frame's first octet stands for, or undefined for none. */
export function frameType(octet: number): FrameType | undefined {
  switch (octet) {
    case 1:
      return "method";
    case 2:
      return "header";
    case 3:
      return "body";
    case 8:
      return "heartbeat";
    default:
      return undefined;
  }
}
