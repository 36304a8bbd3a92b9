import {
  FRAME_END,
  type Frame,
  type FrameType,
  frameType,
  HEAD_BYTES,
  OVERHEAD_BYTES,
} from "./frame.ts";
import { describeOpening, PROTOCOL_HEADER } from "./protocol-header.ts";
import { ProtocolViolation } from "./protocol-violation.ts";

/**
 * The usual `frame_max`, and the 8 bytes over it that RabbitMQ forgives, since some clients count
 * the payload only.
 */
const DEFAULT_LIMIT = 128 * 1024 + OVERHEAD_BYTES;

/** A `frame_max` of 0 means "no limit" in AMQP. Here it means this much, to bound memory. */
const HARD_LIMIT = 16 * 1024 * 1024;

export interface FrameReaderOptions {
  /** This direction (client to broker) begins with the protocol header. Default false. */
  protocolHeader?: boolean;
  /** See {@link FrameReader.limit}. */
  limit?: number;
}

/**
 * Finds the frames in one direction of an AMQP 0-9-1 connection, however the stream is cut into
 * chunks. It keeps at most one partial method or header frame, so memory is bounded by `limit`.
 */
export class FrameReader {
  #limit = DEFAULT_LIMIT;
  /** Position in the stream of the current chunk's first byte. */
  #chunkStart = 0;
  #violation: ProtocolViolation | null = null;

  /** The head of the next frame, where a chunk ended inside it. */
  readonly #head = Buffer.alloc(PROTOCOL_HEADER.length);
  #headSeen = 0;
  #headLength: number;

  /** The frame whose head is complete, or null between frames. */
  #type: FrameType | null = null;
  #channel = 0;
  #size = 0;
  /** Payload bytes that earlier chunks held, and, for methods and headers, those bytes. */
  #payloadSeen = 0;
  #payload: Buffer | null = null;

  /** @throws RangeError for a limit that is not a whole number from 0. */
  constructor(options: FrameReaderOptions = {}) {
    this.#headLength = options.protocolHeader ? PROTOCOL_HEADER.length : HEAD_BYTES;
    if (options.limit !== undefined) this.limit = options.limit;
  }

  /**
   * The largest whole frame accepted, in bytes, from the next frame on; 0 means 16 MiB, and more
   * than that counts as 16 MiB. Default 128 KiB + 8.
   *
   * @throws RangeError for a limit that is not a whole number from 0.
   */
  get limit(): number {
    return this.#limit;
  }

  set limit(bytes: number) {
    if (!Number.isInteger(bytes) || bytes < 0) {
      throw new RangeError(`A frame limit is a whole number of bytes from 0, not ${bytes}`);
    }
    this.#limit = bytes === 0 ? HARD_LIMIT : Math.min(bytes, HARD_LIMIT);
  }

  /** True when the last chunk ended inside a frame (or inside the protocol header). */
  get midFrame(): boolean {
    return this.#type !== null || this.#headSeen > 0;
  }

  /**
   * The frames that this chunk completes, in order. Of a chunk with a violation no frame is
   * reported, so none of it needs forwarding.
   *
   * @throws ProtocolViolation at the first byte that can't be AMQP 0-9-1, and the same one ever
   * after: there is no finding the next frame.
   */
  read(chunk: Buffer): Frame[] {
    if (this.#violation !== null) throw this.#violation;
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length) {
      at =
        this.#type === null
          ? this.#readHead(chunk, at, frames)
          : this.#readPayload(chunk, at, this.#type, frames);
    }
    this.#chunkStart += chunk.length;
    return frames;
  }

  /** Reads as much as there is of a frame's head (or the protocol header); returns what's next. */
  #readHead(chunk: Buffer, at: number, frames: Frame[]): number {
    const missing = this.#headLength - this.#headSeen;
    const next = Math.min(at + missing, chunk.length);
    let head = chunk;
    let headAt = at;
    if (missing < this.#headLength || next - at < missing) {
      chunk.copy(this.#head, this.#headSeen, at, next);
      this.#headSeen += next - at;
      if (this.#headSeen < this.#headLength) return next;
      head = this.#head;
      headAt = 0;
      this.#headSeen = 0;
    }
    if (this.#headLength === HEAD_BYTES) {
      this.#openFrame(head, headAt, this.#chunkStart + next - HEAD_BYTES);
    } else {
      this.#checkProtocolHeader(head.subarray(headAt, headAt + PROTOCOL_HEADER.length));
      this.#headLength = HEAD_BYTES;
      frames.push({ type: "protocol-header", channel: 0, size: 0, payload: null, end: next });
    }
    return next;
  }

  #checkProtocolHeader(seen: Buffer): void {
    if (seen.equals(PROTOCOL_HEADER)) return;
    this.#fail(`expected the AMQP 0-9-1 protocol header, saw ${describeOpening(seen)}`, 0);
  }

  /** Takes in a complete head. It is refused here, before any of its payload is kept. */
  #openFrame(head: Buffer, at: number, streamOffset: number): void {
    const octet = head.readUInt8(at);
    const channel = head.readUInt16BE(at + 1);
    const size = head.readUInt32BE(at + 3);
    const type = frameType(octet);
    if (type === undefined) {
      const opening = streamOffset === 0 ? `, ${describeOpening(head.subarray(at, at + 7))}` : "";
      this.#fail(`unknown frame type ${octet}${opening}`, streamOffset);
    }
    if (type === "heartbeat" && (channel !== 0 || size !== 0)) {
      this.#fail(
        `a heartbeat belongs on channel 0 and is empty, saw one of ${size} bytes on channel ${channel}`,
        streamOffset,
      );
    }
    if (size + OVERHEAD_BYTES > this.#limit) {
      this.#fail(
        `a ${type} frame of ${size + OVERHEAD_BYTES} bytes is over the limit of ${this.#limit}`,
        streamOffset,
      );
    }
    this.#type = type;
    this.#channel = channel;
    this.#size = size;
  }

  /** Reads as much as there is of an open frame's payload and end octet; returns what's next. */
  #readPayload(chunk: Buffer, at: number, type: FrameType, frames: Frame[]): number {
    const payloadEnd = at + this.#size - this.#payloadSeen;
    const counted = type === "body" || type === "heartbeat";
    if (payloadEnd >= chunk.length) {
      if (!counted) this.#keep(chunk, at);
      this.#payloadSeen += chunk.length - at;
      return chunk.length;
    }
    if (chunk[payloadEnd] !== FRAME_END) {
      const seen = chunk.toString("hex", payloadEnd, payloadEnd + 1);
      this.#fail(
        `expected the end octet 0xce of a ${type} frame, saw 0x${seen}`,
        this.#chunkStart + payloadEnd,
      );
    }
    const payload = counted ? null : this.#wholePayload(chunk, at, payloadEnd);
    const end = payloadEnd + 1;
    frames.push({ type, channel: this.#channel, size: this.#size, payload, end } as Frame);
    this.#type = null;
    this.#payloadSeen = 0;
    this.#payload = null;
    return end;
  }

  #wholePayload(chunk: Buffer, at: number, end: number): Buffer {
    return this.#payload === null ? chunk.subarray(at, end) : this.#keep(chunk, at);
  }

  /** Copies from the chunk behind what earlier chunks held, until the payload is full. */
  #keep(chunk: Buffer, at: number): Buffer {
    this.#payload ??= Buffer.allocUnsafe(this.#size);
    chunk.copy(this.#payload, this.#payloadSeen, at);
    return this.#payload;
  }

  #fail(what: string, streamOffset: number): never {
    this.#violation = new ProtocolViolation(`${what} (at byte ${streamOffset} of the stream)`);
    throw this.#violation;
  }
}
