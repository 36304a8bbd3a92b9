import type { Socket } from "node:net";
import type { FrameReader } from "../amqp/frame-reader.ts";
import { ProtocolViolation } from "../amqp/protocol-violation.ts";
import { Direction, type Traffic } from "./direction.ts";
import { Flow } from "./flow.ts";
import type { Impairment, Towards } from "./impairment.ts";
import { type Delayed, Passage } from "./passage.ts";
import { reset } from "./reset.ts";

/** What a way needs from the connection that it is one way of. */
export interface Surroundings extends Omit<Traffic, "write" | "spent"> {
  /** The first bytes that an impairment struck; `late` in milliseconds. */
  struck(impairment: Impairment, bytes: number, late?: number): void;
  /** @param opening the first bytes of all on this way. */
  violated(violation: ProtocolViolation, opening: Buffer): void;
  /** This way was cut in the middle: no more arrives on it. */
  severed(): void;
  /** The sender has ended, and all that it had sent has arrived. */
  ended(): void;
  /** The sender's socket is closed, and its end has arrived. */
  done(): void;
}

/** Bytes that tell which protocol a stream belongs to. */
const OPENING = 8;

/** Bytes that a dismissed sender may still send: with bytes unread, it would not get the word. */
const FAREWELL = 1024 * 1024;

/** Bytes of memory that may stand behind a held method before the sender has to wait. */
const STANDING_FULL = 64 * 1024 * 1024;

/** One way through a tap: from the socket of its sender to the socket of its receiver. */
export class Way {
  readonly direction: Direction;
  readonly towards: Towards;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #flow: Flow;
  readonly #passage: Passage;
  readonly #surroundings: Surroundings;
  readonly #vanishing = new Set<Impairment>();
  /** Something has vanished: without it, nothing that may follow makes sense. */
  #hasVanished = false;
  /** After how many bytes of all that are written each cuts. */
  readonly #cuts = new Map<Impairment, number>();
  #written = 0;
  readonly #struck = new Set<Impairment>();
  #opening: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #isDone = false;

  constructor(
    towards: Towards,
    sockets: { from: Socket; to: Socket },
    reader: FrameReader,
    surroundings: Surroundings,
  ) {
    this.towards = towards;
    this.#from = sockets.from;
    this.#to = sockets.to;
    this.#flow = new Flow(this.#from);
    this.#surroundings = surroundings;
    this.direction = new Direction(reader, {
      ...surroundings,
      write: (bytes) => this.#write(bytes),
      spent: () => this.#spent(),
    });
    this.#passage = new Passage({
      arrive: (bytes) => this.#arrive(bytes),
      end: () => this.#end(),
      full: (isFull) => this.#flow.set("passage-full", isFull),
      struck: (impairment, bytes, late) => this.#strike(impairment, bytes, late),
    });
    this.#attach();
  }

  /** Nothing that is sent arrives any more, not even the sender's end. */
  get isVanishing(): boolean {
    return this.#vanishing.size > 0;
  }

  impair(impairment: Impairment): void {
    const { harm } = impairment;
    const { bytes } = this.direction.standing;
    if (harm.kind === "half-open") {
      this.#vanishing.add(impairment);
      if (bytes > 0) this.#vanish(bytes);
    } else if (harm.kind === "cut-after") {
      this.#cuts.set(impairment, this.#written + harm.bytes);
      this.#allow();
    } else {
      // What is held is beyond the passage, but it waits all the same.
      if (harm.kind === "stall" && bytes > 0) this.#strike(impairment, bytes);
      this.#passage.impair(impairment as Delayed);
    }
  }

  /** @returns true where that can't mend it: something is missing. */
  heal(impairment: Impairment): boolean {
    if (this.#cuts.delete(impairment)) this.#allow();
    this.#passage.heal(impairment);
    const didVanish = this.#vanishing.delete(impairment) && this.#hasVanished;
    return didVanish && !this.isVanishing;
  }

  /** Looks again at how much stands behind a hold. */
  measure(): void {
    this.#flow.set("held", this.direction.standing.cost > STANDING_FULL);
  }

  /** Reads nothing from the sender for now, which has to wait; and then again. */
  stem(isStemmed: boolean): void {
    this.#flow.set("stemmed", isStemmed);
  }

  /** Says a last word to the sender, and then only waits for it to go. */
  dismiss(word: Buffer): void {
    let patience = FAREWELL;
    this.#from.removeAllListeners("data");
    this.#from.on("data", ({ length }: Buffer) => {
      patience -= length;
      if (patience < 0) reset(this.#from);
    });
    this.#from.end(word);
  }

  /** Forgets what is under way. */
  close(): void {
    this.#passage.close();
  }

  #attach(): void {
    const from = this.#from;
    const end = () => this.#passage.send(null);
    from.setNoDelay(true);
    from.on("data", (chunk: Buffer) => this.#passage.send(chunk));
    from.on("end", end);
    from.on("error", end); // A reset: "close" follows.
    from.on("close", () => {
      this.#isClosed = true;
      end();
    });
    const go = () => this.#flow.set("receiver-full", false);
    this.#to.on("drain", go);
    this.#to.on("close", go); // Nobody will drain it any more.
  }

  #arrive(bytes: Buffer): void {
    if (this.#opening.length < OPENING) {
      this.#opening = Buffer.concat([this.#opening, bytes.subarray(0, OPENING)]);
    }
    if (this.isVanishing) this.#vanish(bytes.length);
    try {
      this.direction.feed(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.#surroundings.violated(error, this.#opening);
    }
    this.measure();
  }

  #end(): void {
    if (this.isVanishing) this.#hasVanished = true;
    this.#surroundings.ended();
    if (this.#isClosed && !this.#isDone) {
      this.#isDone = true;
      this.#surroundings.done();
    }
  }

  #write(bytes: Buffer): void {
    this.#written += bytes.length;
    if (this.#to.writable && !this.#to.write(bytes)) this.#flow.set("receiver-full", true);
  }

  /** The receiver gets every byte that was allowed, and its sender a reset. */
  #spent(): void {
    for (const [impairment, limit] of this.#cuts) {
      const { harm } = impairment;
      if (harm.kind === "cut-after" && limit <= this.#written) this.#strike(impairment, harm.bytes);
    }
    this.#surroundings.severed();
    this.#to.end();
    reset(this.#from);
  }

  /** Until the first of all cuts. */
  #allow(): void {
    this.direction.allow(Math.min(...this.#cuts.values()) - this.#written);
  }

  #vanish(bytes: number): void {
    this.#hasVanished = true;
    for (const impairment of this.#vanishing) this.#strike(impairment, bytes);
    this.direction.abort();
  }

  #strike(impairment: Impairment, bytes: number, late?: number): void {
    if (this.#struck.has(impairment)) return;
    this.#struck.add(impairment);
    this.#surroundings.struck(impairment, bytes, late);
  }
}
