import type { FrameReader } from "../amqp/frame-reader.ts";
import { carriesContent, type Method } from "../amqp/methods.ts";
import { type Arrived, decode } from "./arrived.ts";
import type { Crossing } from "./connection-state.ts";
import type { Preview } from "./from-client.ts";
import type { Hold } from "./hold.ts";

/** What a direction needs from the connection that it is one direction of. */
export interface Traffic {
  /** Puts bytes on the wire to the other side. */
  write(bytes: Buffer): void;
  /** Told of each method when it is forwarded or dropped, and before its bytes are written. */
  see(crossing: Crossing, dropped: boolean): void;
  preview(crossing: Crossing): Preview | undefined;
  /** The holds that are armed for this direction. */
  holds(): readonly Hold[];
  /** A hold has caught this method, which now stands until `forwardHeld` or `dropHeld`. */
  caught(hold: Hold, channel: number, preview: Preview): void;
}

interface Standing {
  frame: Arrived;
  bytes: Buffer[];
}

type Content = { method: Method; dropped: boolean };

/**
 * One direction of a connection. While nothing is to be held, chunks pass as they came and are
 * only read. Once a hold is armed, the direction forwards frame by frame, and can stop at one.
 */
export class Direction {
  readonly #reader: FrameReader;
  readonly #traffic: Traffic;
  /** Frames that stand behind a held one, or wait for their content's header. */
  readonly #queue: Standing[] = [];
  /** What has arrived of a frame without its end, while frames are forwarded one by one. */
  #tail: Buffer[] = [];
  /** The beginning of the current frame has already been forwarded, with its chunk. */
  #begun = false;
  #stopped = false;
  #aborted = false;
  /** Methods whose content header is still to come, by channel. */
  readonly #announced = new Map<number, Content>();
  /** Channels whose present content is being dropped, up to their next method. */
  readonly #dropping = new Set<number>();

  constructor(reader: FrameReader, traffic: Traffic) {
    this.#reader = reader;
    this.#traffic = traffic;
  }

  /** @throws ProtocolViolation for bytes that are not AMQP 0-9-1; none of the chunk is forwarded. */
  feed(chunk: Buffer): void {
    const frames = this.#reader.read(chunk).map(decode);
    if (this.#isTransparent()) {
      for (const frame of frames) this.#see(frame, false);
      this.#begun = this.#reader.midFrame;
      this.#traffic.write(chunk);
      return;
    }
    this.#enqueue(chunk, frames);
    this.#move();
  }

  /** Lets the held method go on, and what stands behind it. */
  forwardHeld(): void {
    this.#stopped = false;
    this.#forward(this.#queue.shift());
    this.#move();
  }

  /** Takes the held method out of the stream, and lets go on what stands behind it. */
  dropHeld(): void {
    this.#stopped = false;
    this.#drop(this.#queue.shift());
    this.#move();
  }

  /** Drops everything that has not been forwarded, and whatever may still come. */
  abort(): void {
    this.#aborted = true;
    this.#move();
  }

  /** Nothing stands here, and nothing is to be stopped or taken out. */
  #isTransparent(): boolean {
    if (this.#aborted || this.#dropping.size > 0) return false;
    if (this.#queue.length > 0 || this.#tail.length > 0) return false;
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
      } else {
        this.#queue.push({ frame, bytes });
      }
    }
    if (at === chunk.length) return;
    const rest = chunk.subarray(at);
    if (this.#begun) this.#write(rest);
    else this.#tail.push(rest);
  }

  #move(): void {
    while (!this.#stopped && this.#queue.length > 0) {
      const crossing = this.#headCrossing();
      if (crossing === "incomplete") return;
      if (crossing && this.#isHeld(crossing)) return;
      this.#forward(this.#queue.shift());
    }
    this.#passTail();
  }

  /** Nothing is to be held or taken out: the beginning of a frame need not wait for its end. */
  #passTail(): void {
    if (this.#stopped || this.#dropping.size > 0 || this.#traffic.holds().length > 0) return;
    for (const bytes of this.#tail.splice(0)) {
      this.#write(bytes);
      this.#begun = true;
    }
  }

  /** The method at the head of the queue, once the header of its content is there too. */
  #headCrossing(): Crossing | "incomplete" | undefined {
    const head = this.#queue[0]?.frame;
    if (head?.type !== "method") return undefined;
    const { channel, method } = head;
    if (!carriesContent(method.name)) return { channel, method };
    for (const { frame } of this.#queue) {
      if (frame.type !== "header" || frame.channel !== channel) continue;
      return { channel, method, properties: frame.properties };
    }
    return "incomplete";
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

  #forward(standing: Standing | undefined): void {
    if (!standing) return;
    const { frame, bytes } = standing;
    if (frame.type === "method") this.#dropping.delete(frame.channel);
    if (this.#aborted || (this.#dropping.has(frame.channel) && frame.type !== "heartbeat")) {
      this.#see(frame, true);
      return;
    }
    this.#see(frame, false);
    for (const part of bytes) this.#write(part);
  }

  #drop(standing: Standing | undefined): void {
    if (!standing) return;
    const { frame } = standing;
    this.#see(frame, true);
    if (this.#announced.has(frame.channel)) this.#dropping.add(frame.channel);
  }

  #write(bytes: Buffer): void {
    if (!this.#aborted) this.#traffic.write(bytes);
  }

  #see(frame: Arrived, dropped: boolean): void {
    const { channel } = frame;
    if (frame.type === "method") {
      const { method } = frame;
      if (carriesContent(method.name)) this.#announced.set(channel, { method, dropped });
      else this.#traffic.see({ channel, method }, dropped);
    } else if (frame.type === "header") {
      const content = this.#announced.get(channel);
      if (!content) return;
      this.#announced.delete(channel);
      const { properties } = frame;
      const { method } = content;
      this.#traffic.see({ channel, method, properties }, dropped || content.dropped);
    }
  }
}
