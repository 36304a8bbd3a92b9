/** Characters of an id, at most, that is written as bytes. */
const LONGEST = 255;

/** How an id is written, in the first byte: the others say what follows. */
const [UUID, ONE_BYTE, TWO_BYTES] = [1, 2, 3];
const UUID_LENGTH = 36;
const UUID_BYTES = 16;
const DASH = 45;

/** By the code of a hexadecimal digit in lower case, its value; all bits are set for any other. */
const NONE = -1;
const NIBBLES = Int8Array.from({ length: 128 }, (_, code) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(code));
  return value < 0 ? NONE : value;
});

/** The most bytes that an id takes. */
export const MOST_BYTES = 2 + 2 * LONGEST;

/** Writes one id after the other into the same few bytes: exactly, and the same only for the same. */
export class IdBytes {
  readonly bytes = new Uint8Array(MOST_BYTES);
  /** Of the id that was written last. */
  length = 0;
  hash = 0;

  /** @returns false for an id that is too long. */
  write(id: string): boolean {
    if (id.length > LONGEST) return false;
    if (!this.#writeUuid(id) && !this.#writeText(id)) this.#writeWide(id);
    this.hash = hashOf(this.bytes, 0, this.length);
    return true;
  }

  /** A UUID in its usual form, in lower case, is its 16 bytes. */
  #writeUuid(id: string): boolean {
    if (id.length !== UUID_LENGTH) return false;
    const { bytes } = this;
    bytes[0] = UUID;
    let length = 1;
    for (let at = 0; at < UUID_LENGTH; at += 2) {
      if (at === 8 || at === 13 || at === 18 || at === 23) {
        if (id.charCodeAt(at++) !== DASH) return false;
      }
      const high = NIBBLES[id.charCodeAt(at)] ?? NONE;
      const low = NIBBLES[id.charCodeAt(at + 1)] ?? NONE;
      if ((high | low) === NONE) return false;
      bytes[length++] = (high << 4) | low;
    }
    this.length = 1 + UUID_BYTES;
    return true;
  }

  /** One byte a character, as long as that is enough. */
  #writeText(id: string): boolean {
    const { bytes } = this;
    bytes[0] = ONE_BYTE;
    bytes[1] = id.length;
    for (let at = 0; at < id.length; at++) {
      const code = id.charCodeAt(at);
      if (code > 0xff) return false;
      bytes[2 + at] = code;
    }
    this.length = 2 + id.length;
    return true;
  }

  #writeWide(id: string): void {
    const { bytes } = this;
    bytes[0] = TWO_BYTES;
    for (let at = 0; at < id.length; at++) {
      const code = id.charCodeAt(at);
      bytes[2 + 2 * at] = code & 0xff;
      bytes[3 + 2 * at] = code >>> 8;
    }
    this.length = 2 + 2 * id.length;
  }
}

/** How many bytes the id takes that is written here. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === UUID) return 1 + UUID_BYTES;
  const length = bytes[at + 1] as number;
  return 2 + (bytes[at] === ONE_BYTE ? length : 2 * length);
}

/** Mixes four bytes at a time, as FNV-1a does one, and stirs at the end. */
export function hashOf(bytes: Uint8Array, from: number, length: number): number {
  let hash = 0x811c9dc5;
  const end = from + length;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
