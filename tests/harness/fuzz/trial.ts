import { expect } from "vitest";
import { carriesContent, decodeMethod, type Method } from "../../../harness/amqp/methods.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import type { Hold } from "../../../harness/link/hold.ts";
import { payloadOf } from "../amqp/amqplib-codec.ts";
import { Bench } from "../link/bench.ts";
import { type ReferenceFrame, readByReference } from "./reference.ts";

/** The frame limit that a connection begins with. */
const LIMIT = 128 * 1024 + 8;

export class DisarmableBench extends Bench {
  disarmed = false;

  override holds(): readonly Hold[] {
    return this.disarmed ? [] : super.holds();
  }
}

/** A hold, armed before one chunk and, once it has caught something, let go before a later one. */
export interface Order {
  what: "ack" | "publish";
  nth: number;
  before: number;
  patience: number;
  drop: boolean;
}

/** One stream on its way through one direction, and what must have come out at each point. */
export class Trial {
  readonly dropped = new Set<ReferenceFrame>();
  caught = 0;
  refused = false;
  readonly #bench = new DisarmableBench();
  readonly #stream: Buffer;
  readonly #frames: ReferenceFrame[];
  readonly #letGoAt: { chunk: number; drop: boolean }[] = [];
  readonly #caughtFrames = new Set<ReferenceFrame>();
  #fed = 0;

  constructor(stream: Buffer) {
    this.#stream = stream;
    this.#frames = readByReference(stream, LIMIT, false).frames;
  }

  /** Feeds one chunk; false when it was refused. */
  step(chunk: Buffer, orders: Order[], index: number): boolean {
    for (const { before, what, nth } of orders) if (before === index) this.#bench.arm(what, nth);
    if (this.#letGoAt[0] && this.#letGoAt[0].chunk <= index) this.#letGo(orders, index);
    try {
      this.#bench.direction.feed(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.refused = true;
      return false;
    }
    this.#fed += chunk.length;
    this.#lookForCatch(orders, index);
    return true;
  }

  /** Lets everything go. All that was accepted is then out, but for the end of a broken frame. */
  finish(): void {
    this.#bench.disarmed = true;
    while (this.#letGoAt[0]) this.#letGo([], 0);
    if (!this.refused) this.#bench.direction.feed(Buffer.alloc(0)); // Notices that none is armed.
    const complete = this.#frames.findLast(({ end }) => end <= this.#fed)?.end ?? 0;
    const { length } = this.#bench.output;
    const isWhole = length === this.#kept(this.#fed).length;
    const end = isWhole ? this.#fed : complete;
    if (!this.refused) {
      this.#expectOutput(end, "at the end");
      return;
    }
    // What had not passed by then stays where it is: the connection is being cut.
    const { output } = this.#bench;
    const prefix = this.#kept(this.#fed).subarray(0, length);
    if (!output.equals(prefix)) expect(output.toString("hex")).toBe(prefix.toString("hex"));
  }

  #letGo(orders: Order[], index: number): void {
    const [next] = this.#letGoAt.splice(0, 1);
    if (next?.drop) {
      this.#drop([...this.#caughtFrames].at(-1) as ReferenceFrame);
      this.#bench.direction.dropHeld();
    } else {
      this.#bench.direction.forwardHeld();
    }
    this.#lookForCatch(orders, index);
  }

  #lookForCatch(orders: Order[], index: number): void {
    const names = this.#bench.caughtOnes;
    if (names.length === this.caught) return;
    this.caught++;
    expect(names).toHaveLength(this.caught); // One at a time.
    const what = names.at(-1)?.split(" ")[0];
    const { length } = this.#bench.output;
    const frame = this.#frames.find(
      (each) =>
        !this.#caughtFrames.has(each) &&
        nameOf(this.#stream, each) === `basic.${what}` &&
        this.#kept(each.start).length === length,
    );
    if (!frame) throw new Error(`${names.at(-1)} was caught with ${length} bytes written`);
    this.#caughtFrames.add(frame);
    this.#expectOutput(frame.start, `as ${names.at(-1)} stands`);
    const { patience, drop } = orders[this.caught % orders.length] ?? { patience: 0, drop: false };
    this.#letGoAt.push({ chunk: index + patience, drop });
  }

  /** The method, and its content: what follows on its channel, up to the next method there. */
  #drop(frame: ReferenceFrame): void {
    this.dropped.add(frame);
    if (!carriesContent(nameOf(this.#stream, frame) as Method["name"])) return;
    for (const each of this.#frames.slice(this.#frames.indexOf(frame) + 1)) {
      if (each.channel !== frame.channel || each.type === "heartbeat") continue;
      if (each.type === "method") return;
      this.dropped.add(each);
    }
  }

  /** The stream up to an offset, less what was dropped. */
  #kept(end: number): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const frame of this.#frames) {
      if (frame.end > end) break;
      if (!this.dropped.has(frame)) parts.push(this.#stream.subarray(frame.start, frame.end));
      at = frame.end;
    }
    return Buffer.concat([...parts, this.#stream.subarray(at, end)]);
  }

  #expectOutput(end: number, when: string): void {
    const expected = this.#kept(end);
    const { output } = this.#bench;
    if (!output.equals(expected))
      expect(output.toString("hex"), when).toBe(expected.toString("hex"));
  }
}

function nameOf(stream: Buffer, { type, start, end }: ReferenceFrame): string | undefined {
  if (type !== "method") return undefined;
  try {
    return decodeMethod(payloadOf(stream.subarray(start, end))).name;
  } catch {
    return undefined;
  }
}
