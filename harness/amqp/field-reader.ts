import { ProtocolViolation } from "./protocol-violation.ts";

/** Deeper tables exist only to exhaust the stack of whoever decodes them. */
const MAX_DEPTH = 64;

/**
 * Reads the fields of one payload in wire order. Every read is checked: a field that is cut short
 * is a ProtocolViolation.
 */
export class FieldReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  readonly #what: string;
  readonly #depth: number;

  /** `what` names the payload in errors. */
  constructor(bytes: Buffer, what: string, at = 0, end: number = bytes.length, depth = 0) {
    this.#bytes = bytes;
    this.#what = what;
    this.#at = at;
    this.#end = end;
    this.#depth = depth;
  }

  get done(): boolean {
    return this.#at === this.#end;
  }

  octet(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  long(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  /**
   * An unsigned 64-bit integer: a tag, or a size. What is above Number.MAX_SAFE_INTEGER counts as
   * that: it is legal, and no broker has ever got there.
   */
  longlong(): number {
    const at = this.#take(8);
    const high = this.#bytes.readUInt32BE(at);
    if (high > 0x1f_ffff) return Number.MAX_SAFE_INTEGER;
    return high * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4);
  }

  shortString(): string {
    return this.#string(this.octet());
  }

  longString(): string {
    return this.#string(this.long());
  }

  /** The next bytes, shared with the payload. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** The inside of a table or an array: a length, and fields that must end where it says. */
  section(): FieldReader {
    if (this.#depth === MAX_DEPTH) this.fail(`tables nested more than ${MAX_DEPTH} deep`);
    const length = this.long();
    const at = this.#take(length);
    return new FieldReader(this.#bytes, this.#what, at, at + length, this.#depth + 1);
  }

  skip(length: number): void {
    this.#take(length);
  }

  skipShortString(): void {
    this.#take(this.octet());
  }

  /** Tables have the same shape from outside, so this skips them too. */
  skipLongString(): void {
    this.#take(this.long());
  }

  /** Call after the last field. RabbitMQ refuses surplus bytes as well. */
  expectDone(): void {
    if (!this.done) this.fail(`${this.#end - this.#at} bytes after the last field`);
  }

  fail(reason: string): never {
    throw new ProtocolViolation(`${this.#what}: ${reason} (at byte ${this.#at} of its payload)`);
  }

  #string(length: number): string {
    const at = this.#take(length);
    return length === 0 ? "" : this.#bytes.toString("utf8", at, at + length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) {
      this.fail(`cut short: a field of ${length} bytes, ${this.#end - at} left`);
    }
    this.#at = at + length;
    return at;
  }
}
