import type { Socket } from "node:net";
import type { FrameReader } from "../amqp/frame-reader.ts";
import { ProtocolViolation } from "../amqp/protocol-violation.ts";
import { Direction, type Traffic } from "./direction.ts";
import { Flow } from "./flow.ts";
import type { Harm, Impairment, Towards } from "./impairment.ts";
import { type Delayed, Passage } from "./passage.ts";

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

type CutAfter = Impairment & { harm: Extract<Harm, { kind: "cut-after" }> };

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
  #vanishing: Impairment | undefined;
  #cutting: CutAfter | undefined;
  #struck: Impairment | undefined;
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
      struck: (impairment, bytes, late) => surroundings.struck(impairment, bytes, late),
    });
    this.#attach();
  }

  /** Nothing that is sent arrives any more, not even the sender's end. */
  get isVanishing(): boolean {
    return this.#vanishing !== undefined;
  }

  impair(impairment: Impairment): void {
    const { harm } = impairment;
    if (harm.kind === "half-open") {
      this.#vanishing = impairment;
      const { bytes } = this.direction.standing;
      if (bytes > 0) this.#strike(impairment, bytes);
      this.direction.abort();
    } else if (harm.kind === "cut-after") {
      this.#cutting = impairment as CutAfter;
      this.direction.allow(harm.bytes);
    } else {
      this.#passage.impair(impairment as Delayed);
    }
  }

  /** @returns true where nothing can mend it: bytes are missing. */
  heal(impairment: Impairment): boolean {
    if (this.#cutting === impairment) this.direction.allow(Number.POSITIVE_INFINITY);
    this.#passage.heal(impairment);
    return this.#vanishing === impairment;
  }

  /** Looks again at how much stands behind a hold. */
  measure(): void {
    this.#flow.set("held", this.direction.standing.cost > STANDING_FULL);
  }

  /** Says a last word to the sender, and then only waits for it to go. */
  dismiss(word: Buffer): void {
    let patience = FAREWELL;
    this.#from.removeAllListeners("data");
    this.#from.on("data", ({ length }: Buffer) => {
      patience -= length;
      if (patience < 0) this.#from.resetAndDestroy();
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
    if (this.#vanishing) this.#strike(this.#vanishing, bytes.length);
    try {
      this.direction.feed(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.#surroundings.violated(error, this.#opening);
    }
    this.measure();
  }

  #end(): void {
    this.#surroundings.ended();
    if (this.#isClosed && !this.#isDone) {
      this.#isDone = true;
      this.#surroundings.done();
    }
  }

  #write(bytes: Buffer): void {
    if (this.#to.writable && !this.#to.write(bytes)) this.#flow.set("receiver-full", true);
  }

  /** The receiver gets every byte that was allowed, and its sender a reset. */
  #spent(): void {
    if (this.#cutting) this.#surroundings.struck(this.#cutting, this.#cutting.harm.bytes);
    this.#surroundings.severed();
    this.#to.end();
    this.#from.resetAndDestroy();
  }

  #strike(impairment: Impairment, bytes: number): void {
    if (this.#struck === impairment) return;
    this.#struck = impairment;
    this.#surroundings.struck(impairment, bytes);
  }
}
