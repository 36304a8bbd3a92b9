import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Harm, Impairment } from "./impairment.ts";

/** The harms that are a matter of time only: what is struck arrives, but later. */
export type Delay = Extract<Harm, { kind: "stall" | "latency" | "bandwidth" }>;
export type Delayed = Impairment & { harm: Delay };

/** What a passage needs from the connection that it belongs to. */
export interface Ends {
  arrive(bytes: Buffer): void;
  /** The sender has ended, and all that it had sent has arrived. */
  end(): void;
  /** No more may be sent for now; and then again it may. */
  full(isFull: boolean): void;
  /** Bytes that an impairment struck; `late` in milliseconds, if that is known yet. */
  struck(impairment: Delayed, bytes: number, late?: number): void;
}

interface Travelling {
  /** Null for the end. */
  bytes: Buffer | null;
  /** When it was sent. */
  sent: number;
  /** Milliseconds that it travels, beside what the bandwidth costs. */
  latency: number;
}

/** Bytes of memory under way before the sender has to wait, as a network's own buffers make it. */
const FULL = 4 * 1024 * 1024;

/** What a chunk costs in memory besides its bytes. */
const CHUNK_COST = 200;

/** Bytes pass a narrow line in pieces of so many milliseconds. */
const PIECE = 20;

interface Impaired {
  impairment: Delayed;
  /** From -1 to 1. */
  random(): number;
}

/** The way of one direction's bytes in time: at once, or as an impaired network lets them. */
export class Passage {
  readonly #ends: Ends;
  readonly #impaired: Impaired[] = [];
  #travelling: Travelling[] = [];
  #bytes = 0;
  #isFull = false;
  #isMoving = false;
  /** When the line has sent what was put on it. */
  #lineFree = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** @param bytes what was sent; null for the sender's end. */
  send(bytes: Buffer | null): void {
    if (this.#impaired.length === 0 && this.#travelling.length === 0) {
      this.#arrive(bytes);
      return;
    }
    const sent = performance.now();
    this.#travelling.push({ bytes, sent, latency: this.#latency() });
    this.#bytes += bytes?.length ?? 0;
    if (bytes) this.#strike("stall", bytes.length);
    this.#move();
  }

  impair(impairment: Delayed): void {
    const { harm } = impairment;
    const generator = xoroshiro128plus(harm.kind === "latency" ? harm.seed : 0);
    const random = () => generator.next() / 2 ** 31;
    this.#impaired.push({ impairment, random });
    if (this.#bytes > 0) this.#strike("stall", this.#bytes);
    this.#changed();
  }

  /** What is under way goes on as the network is now. */
  heal(impairment: Impairment): void {
    const index = this.#impaired.findIndex((one) => one.impairment === impairment);
    const [healed] = index < 0 ? [] : this.#impaired.splice(index, 1);
    if (!healed) return;
    this.#tellUnderWay(healed.impairment);
    this.#changed();
  }

  /** Forgets what is under way, and every impairment. */
  close(): void {
    clearTimeout(this.#timer);
    this.#travelling = [];
    this.#bytes = 0;
    this.#impaired.length = 0;
    this.#measure();
  }

  #changed(): void {
    for (const one of this.#travelling) one.latency = this.#latency();
    this.#move();
  }

  #move(): void {
    // Who is told that bytes were struck may heal the network there and then.
    if (this.#isMoving) return;
    this.#isMoving = true;
    clearTimeout(this.#timer);
    while (this.#moveNext());
    this.#isMoving = false;
    this.#measure();
  }

  /** Lets the next chunk arrive; false where there is none, or it has to wait. */
  #moveNext(): boolean {
    const next = this.#travelling[0];
    if (!next || this.#isStalled) return false;
    const { due, lineFree } = this.#timesOf(next);
    const wait = due - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#move(), Math.ceil(wait));
      return false;
    }
    this.#lineFree = lineFree;
    this.#travelling.shift();
    this.#bytes -= next.bytes?.length ?? 0;
    this.#tellLate(next);
    this.#arrive(next.bytes);
    return true;
  }

  /** When it arrives, and when the line is free for the next. */
  #timesOf(next: Travelling): { due: number; lineFree: number } {
    const speed = this.#speed;
    if (speed !== Number.POSITIVE_INFINITY) this.#split(next, speed);
    const length = next.bytes?.length ?? 0;
    const lineFree = Math.max(next.sent, this.#lineFree) + length / speed;
    return { due: lineFree + next.latency, lineFree };
  }

  /** Cuts off what a narrow line takes at a time. */
  #split(next: Travelling, speed: number): void {
    const piece = Math.max(1, Math.floor(speed * PIECE));
    if (!next.bytes || next.bytes.length <= piece) return;
    this.#travelling.splice(1, 0, { ...next, bytes: next.bytes.subarray(piece) });
    next.bytes = next.bytes.subarray(0, piece);
  }

  /** Of what is sent now. */
  #latency(): number {
    return this.#impaired.reduce((sum, { impairment: { harm }, random }) => {
      return harm.kind === "latency" ? sum + Math.max(0, harm.delay + harm.jitter * random()) : sum;
    }, 0);
  }

  get #isStalled(): boolean {
    return this.#impaired.some(({ impairment: { harm } }) => harm.kind === "stall");
  }

  /** Bytes per millisecond. */
  get #speed(): number {
    return this.#impaired.reduce((slowest, { impairment: { harm } }) => {
      return harm.kind === "bandwidth" ? Math.min(slowest, harm.bytesPerSecond / 1000) : slowest;
    }, Number.POSITIVE_INFINITY);
  }

  /** It was struck as well, though nobody can tell yet how late it will be. */
  #tellUnderWay(impairment: Delayed): void {
    const [next] = this.#travelling;
    if (next && this.#bytes > 0) {
      this.#ends.struck(impairment, this.#bytes, performance.now() - next.sent);
    }
  }

  #tellLate({ bytes, sent }: Travelling): void {
    if (!bytes) return;
    const late = performance.now() - sent;
    this.#strike("latency", bytes.length, late);
    this.#strike("bandwidth", bytes.length, late);
  }

  #strike(kind: Delay["kind"], bytes: number, late?: number): void {
    // Who is told may heal, which takes it off the list.
    for (const { impairment } of [...this.#impaired]) {
      if (impairment.harm.kind === kind) this.#ends.struck(impairment, bytes, late);
    }
  }

  #measure(): void {
    const isFull = this.#bytes + this.#travelling.length * CHUNK_COST > FULL;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#ends.full(isFull);
  }

  #arrive(bytes: Buffer | null): void {
    if (bytes) this.#ends.arrive(bytes);
    else this.#ends.end();
  }
}
