import type { FrameReader } from "../amqp/frame-reader.ts";
import { type Arrived, decode } from "./arrived.ts";
import { Backlog, lengthOf, type Standing } from "./backlog.ts";
import type { Crossing } from "./connection-state.ts";
import { Contents } from "./contents.ts";
import type { Preview } from "./from-client.ts";
import type { Hold } from "./hold.ts";

/** Something that the link itself says on a channel, in the sender's name. */
export interface Interjection {
  channel: number;
  /** Whole frames. */
  bytes: Buffer;
  /** Called when it is written, in the same turn. */
  said(): void;
}

/** What is taken out of the stream when it arrives, since the receiver did not ask for it. */
export type Removal = (frame: Arrived) => boolean;

/** What a direction needs from the connection that it is one direction of. */
export interface Traffic {
  /** Are the headers of messages to be read? */
  readonly headers?: boolean;
  /** Puts bytes on the wire to the other side. */
  write(bytes: Buffer): void;
  /**
   * Told of each method when it is forwarded or dropped, in the same turn of the event loop in
   * which its bytes are written; of one that carries content, once that is complete.
   */
  see(crossing: Crossing, dropped: boolean): void;
  preview(crossing: Crossing): Preview | undefined;
  /** The holds that are armed for this direction. */
  holds(): readonly Hold[];
  /** A hold has caught this method, which now stands until `forwardHeld` or `dropHeld`. */
  caught(hold: Hold, channel: number, preview: Preview): void;
  /** As many bytes have been forwarded as were allowed, and no more will be. */
  spent(): void;
}

/**
 * How much may wait for a content's header. No client comes near it: the header follows its method
 * at once. Beyond it, the method is forwarded though a hold is armed.
 */
const PATIENCE = 1024 * 1024;

/** Pieces of a frame that are kept before they are put together. */
const PIECES = 64;

/**
 * One direction of a connection. While nothing is to be held, chunks pass as they came and are
 * only read. Once a hold is armed, the direction forwards frame by frame, and can stop at one.
 */
export class Direction {
  readonly #reader: FrameReader;
  readonly #traffic: Traffic;
  /** Frames that stand behind a held one, or wait for their content's header. */
  readonly #backlog = new Backlog();
  /** What has arrived of a frame without its end, while frames are forwarded one by one. */
  #tail: Buffer[] = [];
  /** The beginning of the current frame has already been forwarded, with its chunk. */
  #begun = false;
  #stopped = false;
  #aborted = false;
  /** Bytes that may still be forwarded. */
  #allowance = Number.POSITIVE_INFINITY;
  readonly #contents: Contents;
  /** Channels whose present content is being dropped, up to their next method. */
  readonly #dropping = new Set<number>();
  /** What is to be said between two frames, none of which is in the middle of the other's content. */
  #interjections: Interjection[] = [];
  readonly #removals: Removal[] = [];

  constructor(reader: FrameReader, traffic: Traffic) {
    this.#reader = reader;
    this.#traffic = traffic;
    this.#contents = new Contents((crossing, dropped) => traffic.see(crossing, dropped));
  }

  /** What stands here: bytes on the wire, and of memory, about. */
  get standing(): { bytes: number; cost: number } {
    return this.#backlog;
  }

  /** @throws ProtocolViolation for bytes that are not AMQP 0-9-1; none of the chunk is forwarded. */
  feed(chunk: Buffer): void {
    const frames = this.#reader.read(chunk).map((frame) => decode(frame, this.#traffic));
    if (this.#isTransparent()) {
      this.#begun = this.#reader.midFrame;
      // Written first: while the bytes travel, what they mean is recorded. Nobody can answer
      // before that, since an answer is read in a later turn of the event loop.
      this.#traffic.write(chunk);
      for (const frame of frames) this.#contents.see(frame, false);
      return;
    }
    this.#enqueue(chunk, frames);
    this.#move();
  }

  /** Lets the held method go on, and what stands behind it. */
  forwardHeld(): void {
    this.#stopped = false;
    this.#forward(this.#backlog.shift());
    this.#move();
  }

  /** Forwards the first half of the held method and its content, and then nothing any more. */
  tearHeld(): void {
    this.allow(this.#backlog.middle());
    this.forwardHeld();
  }

  /** Takes the held method out of the stream, and lets go on what stands behind it. */
  dropHeld(): void {
    this.#stopped = false;
    this.#drop(this.#backlog.shift());
    this.#move();
  }

  /** Forwards so many more bytes, wherever in a frame that ends, and then nothing any more. */
  allow(bytes: number): void {
    this.#allowance = bytes;
  }

  /** Says something as soon as it is not in the middle of a frame, or of a content on its channel. */
  interject(interjection: Interjection): void {
    this.#interjections.push(interjection);
    this.#interject();
  }

  /** Takes out the next frame for which this is true. */
  remove(removal: Removal): void {
    this.#removals.push(removal);
  }

  /** Drops everything that has not been forwarded, and whatever may still come. */
  abort(): void {
    this.#aborted = true;
    this.#move();
  }

  /** Nothing stands here, and nothing is to be stopped or taken out. */
  #isTransparent(): boolean {
    if (this.#aborted || this.#dropping.size > 0) return false;
    if (this.#interjections.length + this.#removals.length > 0) return false;
    if (this.#allowance !== Number.POSITIVE_INFINITY) return false;
    if (!this.#backlog.isEmpty || this.#tail.length > 0) return false;
    return this.#traffic.holds().length === 0;
  }

  #enqueue(chunk: Buffer, frames: Arrived[]): void {
    let at = 0;
    for (const frame of frames) {
      const bytes = [...this.#tail, chunk.subarray(at, frame.end)];
      this.#tail = [];
      at = frame.end;
      if (this.#begun) {
        // Too late to hold: its beginning is on the other side.
        this.#begun = false;
        this.#forward({ frame, bytes });
      } else if (!this.#isRemoved(frame)) {
        this.#backlog.push(frame, bytes);
      }
    }
    if (at === chunk.length) return;
    const rest = chunk.subarray(at);
    if (this.#begun) this.#write(rest);
    else this.#keep(rest);
  }

  #keep(rest: Buffer): void {
    this.#tail.push(rest);
    if (this.#tail.length > PIECES) this.#tail = [Buffer.concat(this.#tail)];
  }

  #move(): void {
    while (!this.#stopped && !this.#backlog.isEmpty) {
      const crossing = this.#backlog.head();
      if (crossing === "incomplete" && this.#awaitsHeader()) return;
      if (typeof crossing === "object" && this.#isHeld(crossing)) return;
      this.#forward(this.#backlog.shift());
    }
    if (this.#aborted && !this.#stopped) this.#contents.abort();
    this.#interject();
    this.#passTail();
  }

  #interject(): void {
    if (this.#begun || this.#aborted || this.#interjections.length === 0) return;
    const waiting = this.#interjections;
    this.#interjections = waiting.filter(({ channel }) => this.#contents.isOpen(channel));
    for (const interjection of waiting) {
      if (this.#interjections.includes(interjection)) continue;
      this.#write(interjection.bytes);
      interjection.said();
    }
  }

  #isRemoved(frame: Arrived): boolean {
    const index = this.#removals.findIndex((removal) => removal(frame));
    if (index < 0) return false;
    this.#removals.splice(index, 1);
    return true;
  }

  /** Nothing is to be held or taken out: the beginning of a frame need not wait for its end. */
  #passTail(): void {
    if (this.#stopped || this.#dropping.size > 0 || this.#removals.length > 0) return;
    if (this.#traffic.holds().length > 0) return;
    for (const bytes of this.#tail.splice(0)) {
      this.#write(bytes);
      this.#begun = true;
    }
  }

  /** Is it worth waiting for the header of the content at the head? */
  #awaitsHeader(): boolean {
    if (this.#aborted || this.#backlog.cost > PATIENCE) return false;
    return this.#traffic.holds().length > 0;
  }

  #isHeld(crossing: Crossing): boolean {
    const preview = this.#aborted ? undefined : this.#traffic.preview(crossing);
    if (!preview) return false;
    // Each hold counts for itself, so all are asked, also behind one that catches it.
    const [hold] = this.#traffic
      .holds()
      .filter((each) => each.catches(preview.what, preview.tasks));
    if (!hold) return false;
    this.#stopped = true;
    this.#traffic.caught(hold, crossing.channel, preview);
    return true;
  }

  #forward(standing: Pick<Standing, "frame" | "bytes"> | undefined): void {
    if (!standing) return;
    const { frame, bytes } = standing;
    if (frame.type === "method") this.#dropping.delete(frame.channel);
    if (this.#aborted || (this.#dropping.has(frame.channel) && frame.type !== "heartbeat")) {
      this.#contents.see(frame, true);
      return;
    }
    this.#contents.see(frame, lengthOf(bytes) > this.#allowance);
    for (const part of bytes) this.#write(part);
    this.#interject();
  }

  #drop(standing: Standing | undefined): void {
    if (!standing) return;
    const { frame } = standing;
    if (frame.type === "method") this.#dropping.delete(frame.channel);
    this.#contents.see(frame, true);
    if (this.#contents.isOpen(frame.channel)) this.#dropping.add(frame.channel);
  }

  #write(bytes: Buffer): void {
    if (this.#aborted) return;
    this.#traffic.write(
      bytes.length > this.#allowance ? bytes.subarray(0, this.#allowance) : bytes,
    );
    this.#allowance -= Math.min(bytes.length, this.#allowance);
    if (this.#allowance > 0) return;
    this.abort();
    this.#traffic.spent();
  }
}
