import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import type { Holdable } from "../../../harness/history/event.ts";
import type { Crossing } from "../../../harness/link/connection-state.ts";
import { Direction, type Traffic } from "../../../harness/link/direction.ts";
import type { Preview } from "../../../harness/link/from-client.ts";
import { Hold } from "../../../harness/link/hold.ts";

/** A direction with nothing around it: what it writes, tells and catches is collected. */
export class Bench implements Traffic {
  readonly direction = new Direction(new FrameReader(), this);
  readonly written: Buffer[] = [];
  /** The methods that have gone through, in short: `ack 7`, `publish task-1 (dropped)`. */
  readonly seen: string[] = [];
  /** The methods that were held, in the same words. */
  readonly caughtOnes: string[] = [];
  #armed: Hold[] = [];

  arm(what: Holdable, nth = 1): void {
    this.#armed.push(new Hold({ subject: "client", what, nth }));
  }

  /** Everything that was written, as one. */
  get output(): Buffer {
    return Buffer.concat(this.written);
  }

  write(bytes: Buffer): void {
    this.written.push(bytes);
  }

  see(crossing: Crossing, dropped: boolean): void {
    const preview = this.preview(crossing);
    const name = preview ? nameOf(preview) : crossing.method.name;
    this.seen.push(dropped ? `${name} (dropped)` : name);
  }

  /** An ack is about its tag here, so that each has a name of its own. */
  preview({ method, properties }: Crossing): Preview | undefined {
    if (method.name === "basic.ack") return { what: "ack", tasks: [String(method.deliveryTag)] };
    if (method.name !== "basic.publish") return undefined;
    return { what: "publish", tasks: [properties?.messageId ?? null] };
  }

  holds(): readonly Hold[] {
    return this.#armed;
  }

  spent(): void {
    this.written.push(Buffer.from("(spent)"));
  }

  caught(hold: Hold, _channel: number, preview: Preview): void {
    this.#armed = this.#armed.filter((each) => each !== hold);
    this.caughtOnes.push(nameOf(preview));
  }
}

function nameOf({ what, tasks }: Preview): string {
  return `${what} ${tasks}`;
}
