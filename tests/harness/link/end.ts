import type { Socket } from "node:net";
import { until } from "../../../harness/until.ts";
import { protocolHeader } from "../amqp/amqplib-codec.ts";

/** Milliseconds. A step of these tests takes a fraction of a second. */
export const DEADLINE = 10_000;

/** How a socket learned that its connection is over: in order, or by an error of this code. */
type Ending = "in order" | (string & {});

/** One end of a connection: all that it has received, and how that ended. */
export class End {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly #changed = new Set<() => void>();
  #ending: Ending | undefined;
  #length = 0;
  /** The first bytes of all. */
  #opening: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    const tell = () => {
      for (const changed of this.#changed) changed();
    };
    socket.on("data", (bytes: Buffer) => {
      this.#chunks.push(bytes);
      this.#length += bytes.length;
      const missing = protocolHeader.length - this.#opening.length;
      this.#opening = Buffer.concat([this.#opening, bytes.subarray(0, missing)]);
      tell();
    });
    const ended = (ending: Ending) => {
      this.#ending ??= ending;
      tell();
    };
    socket.on("end", () => ended("in order"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => ended(code ?? "?"));
    socket.on("close", () => ended("without a word"));
  }

  /** The client's protocol header has come. */
  get isOpened(): boolean {
    return this.#opening.equals(protocolHeader);
  }

  /** Everything that has come so far, without the client's protocol header. */
  get received(): Buffer {
    return Buffer.concat(this.#chunks).subarray(this.#length - this.length);
  }

  /** How many bytes that is. */
  get length(): number {
    return this.isOpened ? this.#length - protocolHeader.length : this.#length;
  }

  /** Undefined while, for all that this end knows, the connection lives. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Bytes that the machine has not taken from this end yet: whoever is to receive them is slow. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Milliseconds of the machine's monotonic clock, once these are all the bytes that have come. */
  async receives(...parts: Buffer[]): Promise<number> {
    const expected = Buffer.concat(parts);
    const isAll = () => this.length >= expected.length || this.#ending !== undefined;
    await this.until(`${expected.length} bytes`, isAll);
    if (!this.received.equals(expected)) {
      throw new Error(`Received ${describe(this.received)}, not ${describe(expected)}`);
    }
    return performance.now();
  }

  async ends(): Promise<Ending> {
    return this.until("the end", () => this.#ending);
  }

  async until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
    const source = {
      subscribe: (changed: () => void) => {
        this.#changed.add(changed);
        return () => this.#changed.delete(changed);
      },
    };
    const lastSeen = () => `${describe(this.received)}, ended: ${this.#ending ?? "no"}`;
    return until(what, source, probe, { deadline: DEADLINE, lastSeen });
  }

  /** Returns when it was sent, as `receives` says when it came. */
  write(...parts: Buffer[]): number {
    const at = performance.now();
    for (const bytes of parts) this.#socket.write(bytes);
    return at;
  }

  /** Sends its end, and goes on listening. */
  finish(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Reads no more: what is sent to it piles up on its way. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

function describe(bytes: Buffer): string {
  const shown = bytes.toString("latin1", 0, 80).replaceAll(/[^ -~]/g, ".");
  return `${bytes.length} bytes (${shown})`;
}
