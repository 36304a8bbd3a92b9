/** Type (1 byte), channel (2), size (4); then the payload and an end byte. */
const HEADER = 7;
const SIZE_AT = 3;
const END = 1;
const PROTOCOL_HEADER = 8;
const HEARTBEAT = 8;

/**
 * Counts heartbeats in a stream of AMQP. It shares nothing with the reader that the link uses, so
 * that one mistake does not hide another.
 */
export class FrameCounter {
  heartbeats = 0;
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  feed(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk]);
    if (!this.#begun && bytes.length >= PROTOCOL_HEADER) {
      this.#begun = true;
      if (bytes.subarray(0, 4).toString() === "AMQP") bytes = bytes.subarray(PROTOCOL_HEADER);
    }
    while (this.#begun && bytes.length >= HEADER) {
      const whole = HEADER + bytes.readUInt32BE(SIZE_AT) + END;
      if (bytes.length < whole) break;
      if (bytes[0] === HEARTBEAT) this.heartbeats += 1;
      bytes = bytes.subarray(whole);
    }
    this.#rest = bytes;
  }
}
