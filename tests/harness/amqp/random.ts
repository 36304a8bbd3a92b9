/** A seeded source of whole numbers (a 32-bit linear congruential generator). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0, below `bound`. */
  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * bound);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** Cuts a stream into chunks of 1 to `most` bytes. */
  chunks(stream: Buffer, most: number): Buffer[] {
    const chunks: Buffer[] = [];
    for (let at = 0; at < stream.length; ) {
      const end = at + 1 + this.below(most);
      chunks.push(stream.subarray(at, end));
      at = end;
    }
    return chunks;
  }

  /** A copy with one to four random damages: bytes changed, removed, repeated or put in. */
  corrupt(bytes: Buffer): Buffer {
    let damaged: Buffer = Buffer.from(bytes);
    for (let damages = 1 + this.below(4); damages > 0; damages--) damaged = this.#damage(damaged);
    return damaged;
  }

  #damage(bytes: Buffer): Buffer {
    const from = this.below(bytes.length + 1);
    const to = Math.min(bytes.length, from + 1 + this.below(8));
    const before = bytes.subarray(0, from);
    switch (this.below(5)) {
      case 0:
        return Buffer.concat([before, this.bytes(to - from), bytes.subarray(to)]);
      case 1:
        return Buffer.concat([before, bytes.subarray(to)]);
      case 2:
        return Buffer.concat([before, bytes.subarray(from, to), bytes.subarray(from)]);
      case 3:
        return Buffer.concat([before, this.bytes(1 + this.below(8)), bytes.subarray(from)]);
      default:
        return Buffer.concat([before, Buffer.alloc(to - from, 0xff), bytes.subarray(to)]);
    }
  }
}
