/** Numbers that share an array. */
const CHUNK = 1024;
/** How far ahead of the highest known number the next one may be: a whole chunk left out is waste. */
const LEAP = 2 * CHUNK;
/** Ids with one prefix that make it one of numbered ids, and not the start of something random. */
const SIGHTINGS = 16;
/** Prefixes that are watched at a time for that. */
const WATCHED = 64;
/** A number that fits an array's index, and is written in one way only. */
const MOST_DIGITS = 9;
/** Prefixes with arrays: ids of any more are of another kind. */
const MOST_PREFIXES = 256;

const [ZERO, NINE, DASH] = [48, 57, 45];

interface Numbers {
  readonly prefix: string;
  /** By number, a value above 0; 0 where there is none. */
  readonly chunks: Uint32Array[];
}

/**
 * A small number for each id that ends in one: `task-1`, `task-2`… Exact, at four bytes an id. It
 * takes only numbers that follow each other more or less; where it says so, the id is for another
 * keeper.
 */
export class NumberedIds {
  readonly #byPrefix = new Map<string, Numbers>();
  readonly #sightings = new Map<string, number>();
  #last: Numbers | undefined;
  /** Of the id that was split last. */
  #number = 0;

  /** @returns 0 where it has none. */
  get(id: string): number {
    const numbers = this.#find(id);
    if (numbers === undefined) return 0;
    const number = this.#number;
    return numbers.chunks[Math.floor(number / CHUNK)]?.[number % CHUNK] ?? 0;
  }

  /** @returns false if it doesn't take this id. A value of 0 removes it. */
  set(id: string, value: number): boolean {
    const numbers = this.#find(id) ?? this.#admit(id);
    if (numbers === undefined) return false;
    const number = this.#number;
    const { chunks } = numbers;
    if (number >= chunks.length * CHUNK + LEAP) return false;
    const index = Math.floor(number / CHUNK);
    while (chunks.length <= index) chunks.push(new Uint32Array(CHUNK));
    const chunk = chunks[index] as Uint32Array;
    chunk[number % CHUNK] = value;
    return true;
  }

  /** The numbers that its prefix has, if it is known; its own number is then in `#number`. */
  #find(id: string): Numbers | undefined {
    if (isRandom(id)) return undefined;
    const last = this.#last;
    if (last !== undefined && id.startsWith(last.prefix)) {
      const { length } = last.prefix;
      if (this.#isNumberFrom(id, length)) return last;
    }
    if (this.#byPrefix.size === 0) return undefined;
    const at = this.#split(id);
    if (at === id.length) return undefined;
    const numbers = this.#byPrefix.get(id.slice(0, at));
    if (numbers !== undefined) this.#last = numbers;
    return numbers;
  }

  #admit(id: string): Numbers | undefined {
    if (isRandom(id)) return undefined;
    const at = this.#split(id);
    if (at === id.length || this.#byPrefix.size >= MOST_PREFIXES) return undefined;
    const prefix = id.slice(0, at);
    const sightings = (this.#sightings.get(prefix) ?? 0) + 1;
    if (sightings < SIGHTINGS) {
      if (this.#sightings.size >= WATCHED) this.#sightings.clear();
      this.#sightings.set(prefix, sightings);
      return undefined;
    }
    this.#sightings.delete(prefix);
    const numbers = { prefix, chunks: [] };
    this.#byPrefix.set(prefix, numbers);
    return numbers;
  }

  /** Is the rest of the id a number as `split` would split it off? Notes the number. */
  #isNumberFrom(id: string, start: number): boolean {
    const digits = id.length - start;
    if (digits < 1 || digits > MOST_DIGITS) return false;
    const first = id.charCodeAt(start);
    if (first === ZERO && digits > 1) return false;
    let number = 0;
    for (let at = start; at < id.length; at++) {
      const code = id.charCodeAt(at);
      if (code < ZERO || code > NINE) return false;
      number = number * 10 + code - ZERO;
    }
    this.#number = number;
    // After a digit it is a matter of zeros and lengths, which `split` decides.
    return start === 0 || !isDigit(id.charCodeAt(start - 1));
  }

  /** Where its number begins, which has no leading zero; the id's length if it has none. */
  #split(id: string): number {
    let at = id.length;
    while (at > 0 && id.length - at < MOST_DIGITS && isDigit(id.charCodeAt(at - 1))) at--;
    // What zeros lead it belong to the prefix: `task-007` is not `task-7`.
    while (at < id.length - 1 && id.charCodeAt(at) === ZERO) at++;
    if (at < id.length) this.#number = Number(id.slice(at));
    return at;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** A UUID may end in digits, but no two have the rest in common. */
function isRandom(id: string): boolean {
  return id.length === 36 && id.charCodeAt(8) === DASH && id.charCodeAt(13) === DASH;
}
