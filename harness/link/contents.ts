import { carriesContent, type Method } from "../amqp/methods.ts";
import type { ContentProperties } from "../amqp/properties.ts";
import type { Arrived } from "./arrived.ts";
import type { Crossing } from "./connection-state.ts";

/** A method whose content is still under way. */
interface Content {
  readonly method: Method;
  /** Absent until its header has come. */
  properties?: ContentProperties;
  /** Bytes of body still to come. */
  left: number;
  /** Any of its frames was dropped: the other side has no whole message. */
  dropped: boolean;
}

/** Puts frames together to methods with their content, and tells of each once it is complete. */
export class Contents {
  readonly #tell: (crossing: Crossing, dropped: boolean) => void;
  readonly #open = new Map<number, Content>();

  constructor(tell: (crossing: Crossing, dropped: boolean) => void) {
    this.#tell = tell;
  }

  /** A frame is forwarded, or dropped. */
  see(frame: Arrived, dropped: boolean): void {
    const { channel } = frame;
    if (frame.type === "method") this.#seeMethod(channel, frame.method, dropped);
    else if (frame.type === "header" || frame.type === "body") {
      const content = this.#open.get(channel);
      if (content) this.#grow(channel, content, frame, dropped);
    }
  }

  /** Is a method's content still under way on this channel? */
  isOpen(channel: number): boolean {
    return this.#open.has(channel);
  }

  /** Nothing more will come: what is under way never becomes whole. */
  abort(): void {
    for (const channel of [...this.#open.keys()]) this.#giveUp(channel);
  }

  #seeMethod(channel: number, method: Method, dropped: boolean): void {
    if (this.#open.has(channel)) this.#giveUp(channel);
    if (carriesContent(method.name)) this.#open.set(channel, { method, left: 0, dropped });
    else this.#tell({ channel, method }, dropped);
  }

  #grow(
    channel: number,
    content: Content,
    frame: Extract<Arrived, { type: "header" | "body" }>,
    dropped: boolean,
  ): void {
    if (dropped) content.dropped = true;
    if (frame.type === "header") {
      content.properties = frame.properties;
      content.left = frame.bodySize;
    } else {
      content.left -= frame.size;
    }
    if (content.left <= 0) this.#finish(channel, content);
  }

  /** Without a header there is no saying what it was about. */
  #giveUp(channel: number): void {
    const content = this.#open.get(channel);
    if (content?.properties) this.#finish(channel, { ...content, dropped: true });
    this.#open.delete(channel);
  }

  #finish(channel: number, { method, properties, dropped }: Content): void {
    this.#open.delete(channel);
    if (properties) this.#tell({ channel, method, properties }, dropped);
  }
}
