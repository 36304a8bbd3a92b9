import { hashOf, IdBytes, lengthAt, MOST_BYTES } from "./id-bytes.ts";

/** Bytes of one block of the store: entries don't reach over its end. */
const BLOCK = 1 << 16;
/** Bytes of the value before each id. */
const VALUE = 4;
/** The highest bits of a hash, which say nothing of the slot. */
const TAG = 24;
const FEWEST_SLOTS = 1 << 10;
/** At most so much of the table is full: more, and the way to an empty slot gets long. */
const FULL = 0.6;

/**
 * A small number for each id of any kind, in bytes outside the heap: the id itself is kept, since a
 * hash alone may be that of another one. A removed id keeps its place, with the value 0.
 */
export class OtherIds {
  readonly #id = new IdBytes();
  readonly #blocks: Uint8Array[] = [];
  /** Where the next entry goes, counted over all blocks. */
  #end = 0;
  /** By hash, where an entry is, plus 1; 0 where there is none. */
  #slots = new Uint32Array(FEWEST_SLOTS);
  /** For each slot, some bits of the hash: most ids of others are told by them, without a look. */
  #tags = new Uint8Array(FEWEST_SLOTS);
  #entries = 0;

  /** @returns 0 where it has none. */
  get(id: string): number {
    if (this.#entries === 0 || !this.#id.write(id)) return 0;
    const place = this.#slots[this.#slotOf()] as number;
    return place === 0 ? 0 : this.#valueAt(place - 1);
  }

  /** @returns false if it doesn't take this id. A value of 0 removes it. */
  set(id: string, value: number): boolean {
    if (!this.#id.write(id)) return false;
    const slot = this.#slotOf();
    const place = this.#slots[slot] as number;
    if (place !== 0) {
      this.#setValueAt(place - 1, value);
      return true;
    }
    if (value === 0) return true;
    this.#slots[slot] = this.#append(value) + 1;
    this.#tags[slot] = this.#id.hash >>> TAG;
    this.#entries++;
    if (this.#entries > this.#slots.length * FULL) this.#grow();
    return true;
  }

  /** The slot of the id that was just written: its own, or the empty one that waits for it. */
  #slotOf(): number {
    const { bytes, length, hash } = this.#id;
    const slots = this.#slots;
    const tags = this.#tags;
    const tag = hash >>> TAG;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let place = slots[slot] as number; place !== 0; place = slots[slot] as number) {
      if (tags[slot] === tag && this.#isAt(place - 1, bytes, length)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isAt(place: number, bytes: Uint8Array, length: number): boolean {
    const block = this.#blocks[Math.floor(place / BLOCK)] as Uint8Array;
    const from = (place % BLOCK) + VALUE;
    for (let at = 0; at < length; at++) if (block[from + at] !== bytes[at]) return false;
    return true;
  }

  #append(value: number): number {
    const { bytes, length } = this.#id;
    if ((this.#end % BLOCK) + VALUE + MOST_BYTES > BLOCK) {
      this.#end = Math.ceil(this.#end / BLOCK) * BLOCK;
    }
    const place = this.#end;
    const index = Math.floor(place / BLOCK);
    if (index === this.#blocks.length) this.#blocks.push(new Uint8Array(BLOCK));
    const block = this.#blocks[index] as Uint8Array;
    const from = (place % BLOCK) + VALUE;
    for (let at = 0; at < length; at++) block[from + at] = bytes[at] as number;
    this.#end += VALUE + length;
    this.#setValueAt(place, value);
    return place;
  }

  #valueAt(place: number): number {
    const block = this.#blocks[Math.floor(place / BLOCK)] as Uint8Array;
    const at = place % BLOCK;
    let value = 0;
    for (let byte = VALUE - 1; byte >= 0; byte--)
      value = value * 256 + (block[at + byte] as number);
    return value;
  }

  #setValueAt(place: number, value: number): void {
    const block = this.#blocks[Math.floor(place / BLOCK)] as Uint8Array;
    const at = place % BLOCK;
    for (let byte = 0; byte < VALUE; byte++) block[at + byte] = Math.floor(value / 256 ** byte);
  }

  /** Twice the slots. Where each entry belongs is found from its own bytes. */
  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const tags = new Uint8Array(old.length * 2);
    const mask = slots.length - 1;
    for (const place of old) {
      if (place === 0) continue;
      const block = this.#blocks[Math.floor((place - 1) / BLOCK)] as Uint8Array;
      const from = ((place - 1) % BLOCK) + VALUE;
      const hash = hashOf(block, from, lengthAt(block, from));
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = place;
      tags[slot] = hash >>> TAG;
    }
    this.#slots = slots;
    this.#tags = tags;
  }
}
