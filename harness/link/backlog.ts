import { carriesContent } from "../amqp/methods.ts";
import type { ContentProperties } from "../amqp/properties.ts";
import type { Arrived } from "./arrived.ts";
import type { Crossing } from "./connection-state.ts";

/** A frame that stands in the link. */
export interface Standing {
  readonly frame: Arrived;
  readonly bytes: readonly Buffer[];
  /** Of a method that carries content: the frame behind it on its channel has come. */
  isDecided: boolean;
  /** What that frame says, if it is the content's header, as it must be. */
  properties?: ContentProperties;
}

/** What a frame costs in memory besides its bytes. */
const FRAME_COST = 200;

/** Frames that stand, in the order in which they came, and what the first of them is about. */
export class Backlog {
  #frames: Standing[] = [];
  /** Where the first frame is: an array that is shifted moves all that is behind. */
  #first = 0;
  #bytes = 0;
  /** Methods that wait for the header of their content, by channel. */
  readonly #undecided = new Map<number, Standing>();

  get isEmpty(): boolean {
    return this.#first === this.#frames.length;
  }

  /** Bytes of the frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of memory, about. */
  get cost(): number {
    return this.#bytes + (this.#frames.length - this.#first) * FRAME_COST;
  }

  push(frame: Arrived, bytes: readonly Buffer[]): void {
    const standing = { frame, bytes, isDecided: true };
    this.#decide(frame);
    if (frame.type === "method" && carriesContent(frame.method.name)) {
      standing.isDecided = false;
      this.#undecided.set(frame.channel, standing);
    }
    this.#frames.push(standing);
    this.#bytes += lengthOf(bytes);
  }

  shift(): Standing | undefined {
    const standing = this.#frames[this.#first];
    if (!standing) return undefined;
    this.#first += 1;
    if (this.#first * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#first);
      this.#first = 0;
    }
    this.#bytes -= lengthOf(standing.bytes);
    if (!standing.isDecided) this.#undecided.delete(standing.frame.channel);
    return standing;
  }

  /**
   * The method at the head, once the header of its content is there too. Undefined for a frame
   * that is no method, or whose content has no header.
   */
  head(): Crossing | "incomplete" | undefined {
    const head = this.#frames[this.#first];
    if (head?.frame.type !== "method") return undefined;
    const { channel, method } = head.frame;
    if (!carriesContent(method.name)) return { channel, method };
    if (!head.isDecided) return "incomplete";
    return head.properties && { channel, method, properties: head.properties };
  }

  /** How many bytes end in the middle of the method at the head and its content. */
  middle(): number {
    const { frames, own } = this.#content();
    const half = Math.floor(own / 2);
    let before = 0;
    let ownBefore = 0;
    for (const { size, isOwn } of frames) {
      // At least one byte of this frame goes, and its end never does.
      if (isOwn && ownBefore + size > half) return before + Math.max(1, half - ownBefore);
      if (isOwn) ownBefore += size;
      before += size;
    }
    return before;
  }

  /** The method at the head and what has come of its content, with the frames in between. */
  #content(): { frames: { size: number; isOwn: boolean }[]; own: number } {
    const frames: { size: number; isOwn: boolean }[] = [];
    const channel = this.#frames[this.#first]?.frame.channel;
    let own = 0;
    for (let at = this.#first; at < this.#frames.length; at++) {
      const { frame, bytes } = this.#frames[at] as Standing;
      const isOwn = frame.channel === channel;
      if (isOwn && frame.type === "method" && at > this.#first) break;
      const size = lengthOf(bytes);
      frames.push({ size, isOwn });
      if (isOwn) own += size;
    }
    return { frames, own };
  }

  /** The first frame behind a method on its channel is its header, or it will never have one. */
  #decide(frame: Arrived): void {
    if (frame.type === "heartbeat") return;
    const waiting = this.#undecided.get(frame.channel);
    if (!waiting) return;
    this.#undecided.delete(frame.channel);
    waiting.isDecided = true;
    if (frame.type === "header") waiting.properties = frame.properties;
  }
}

export function lengthOf(bytes: readonly Buffer[]): number {
  return bytes.reduce((sum, part) => sum + part.length, 0);
}
