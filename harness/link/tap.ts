import type { Socket } from "node:net";
import { FrameReader } from "../amqp/frame-reader.ts";
import { ProtocolViolation } from "../amqp/protocol-violation.ts";
import type { Holdable, Party } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { ConnectionState, type Crossing, type Observed } from "./connection-state.ts";
import { Direction } from "./direction.ts";
import { observeBroker, previewBroker } from "./from-broker.ts";
import { observeClient, type Preview, previewClient } from "./from-client.ts";
import type { Hold } from "./hold.ts";

export interface TapOptions {
  history: History;
  subject: string;
  /** Number of the connection, unique in the run. */
  connection: number;
  client: Socket;
  upstream: Socket;
  /** The subject's armed holds. */
  holds(): readonly Hold[];
  /** This hold has fired. */
  disarm(hold: Hold): void;
  /** Both sides have ended. */
  ended(): void;
}

const SENT_BY_BROKER: readonly Holdable[] = ["confirm", "delivery"];

/** AMQP's frame_max says nothing of a frame's own 8 bytes. */
const FRAME_OVERHEAD = 8;

/** One connection between a subject and the broker, forwarded and witnessed. */
export class Tap {
  readonly #options: TapOptions;
  readonly #state = new ConnectionState();
  readonly #toBroker: Direction;
  readonly #toClient: Direction;
  readonly #readers = [new FrameReader({ protocolHeader: true }), new FrameReader()] as const;
  /** Ends each hold that stands in this connection: one in either direction at most. */
  readonly #standing = new Set<(outcome: "forwarded" | "dropped") => void>();
  #endedBy: Party | undefined;
  #open = 2;

  constructor(options: TapOptions) {
    this.#options = options;
    const { client, upstream } = options;
    this.#toBroker = new Direction(this.#readers[0], {
      write: (bytes) => forward(bytes, client, upstream),
      see: (crossing, dropped) => this.#seeClient(crossing, dropped),
      preview: (crossing) => previewClient(this.#state, crossing),
      holds: () => this.#holds(false),
      caught: (hold, channel, preview) => this.#caught(this.#toBroker, hold, channel, preview),
    });
    this.#toClient = new Direction(this.#readers[1], {
      write: (bytes) => forward(bytes, upstream, client),
      see: (crossing, dropped) => this.#seeBroker(crossing, dropped),
      preview: (crossing) => previewBroker(this.#state, crossing),
      holds: () => this.#holds(true),
      caught: (hold, channel, preview) => this.#caught(this.#toClient, hold, channel, preview),
    });
    options.history.record({ type: "connection-opened", ...this.#where });
    this.#attach(client, upstream, this.#toBroker, () => this.#clientEnded());
    this.#attach(upstream, client, this.#toClient, () => this.#brokerEnded());
  }

  /**
   * Cuts the connection: the client sees a reset, the broker an end without a goodbye. What the
   * broker had already sent is still read, so that it is on record.
   */
  cut(): void {
    this.#endedBy ??= "link";
    this.#options.client.resetAndDestroy();
  }

  /** Ends everything at once, at the end of a run. */
  destroy(): void {
    this.#endedBy ??= "link";
    this.#options.client.destroy();
    this.#options.upstream.destroy();
  }

  get #where() {
    return { subject: this.#options.subject, connection: this.#options.connection };
  }

  #attach(from: Socket, to: Socket, direction: Direction, ended: () => void): void {
    from.setNoDelay(true);
    from.on("data", (chunk: Buffer) => {
      try {
        direction.feed(chunk);
      } catch (error) {
        if (!(error instanceof ProtocolViolation)) throw error;
        this.#violated(direction === this.#toBroker ? "client" : "broker", error);
      }
    });
    from.on("drain", () => to.resume());
    from.on("end", ended);
    from.on("error", ended); // A reset: "close" follows.
    from.on("close", () => {
      ended();
      to.resume(); // Nobody will drain it any more.
      this.#open -= 1;
      if (this.#open === 0) this.#closed();
    });
  }

  #clientEnded(): void {
    this.#endedBy ??= "client";
    // What stands in the link never reaches the broker: its sender is gone.
    this.#toBroker.abort();
    this.#dropStanding();
    // An end, not a reset: a reset could overtake what was forwarded and is still unread.
    this.#options.upstream.end();
  }

  #brokerEnded(): void {
    this.#endedBy ??= "broker";
    this.#toClient.abort();
    // The client may go on sending until it notices. Nobody is there to see it.
    this.#toBroker.abort();
    this.#dropStanding();
    if (this.#options.upstream.errored) this.#options.client.resetAndDestroy();
    else this.#options.client.end();
  }

  #dropStanding(): void {
    for (const end of [...this.#standing]) end("dropped");
  }

  #violated(by: Party, error: ProtocolViolation): void {
    const { history } = this.#options;
    history.record({ type: "protocol-violation", by, text: error.message, ...this.#where });
    this.cut();
    this.#options.upstream.destroy();
  }

  #closed(): void {
    const { closing, closedCleanly } = this.#state;
    this.#options.ended();
    this.#options.history.record({
      type: "connection-closed",
      by: closing?.by ?? this.#endedBy ?? "client",
      clean: closedCleanly,
      ...(closing ? { code: closing.code, text: closing.text } : {}),
      ...this.#where,
    });
  }

  #holds(sentByBroker: boolean): readonly Hold[] {
    const armed = this.#options.holds();
    if (armed.length === 0) return armed;
    if (this.#endedBy) return []; // What is still read here has nobody to go to, or to come from.
    return armed.filter(({ match }) => SENT_BY_BROKER.includes(match.what) === sentByBroker);
  }

  #caught(direction: Direction, hold: Hold, channel: number, { what, tasks }: Preview): void {
    const { history } = this.#options;
    const where = { ...this.#where, channel, hold: hold.number };
    this.#options.disarm(hold);
    history.record({ type: "held", what, tasks, ...where });
    const end = (outcome: "forwarded" | "dropped") => {
      if (!this.#standing.delete(end)) return;
      history.record({ type: "hold-ended", outcome, ...where });
      if (outcome === "forwarded") direction.forwardHeld();
      else direction.dropHeld();
    };
    this.#standing.add(end);
    const { connection } = this.#options;
    hold.land({
      connection,
      channel,
      tasks,
      forward: () => end("forwarded"),
      drop: () => end("dropped"),
    });
  }

  #seeClient(crossing: Crossing, dropped: boolean): void {
    const { method } = crossing;
    if (method.name === "connection.tune-ok") {
      for (const reader of this.#readers) {
        reader.limit = method.frameMax === 0 ? 0 : method.frameMax + FRAME_OVERHEAD;
      }
    }
    this.#record(observeClient(this.#state, crossing, dropped), crossing);
  }

  #seeBroker(crossing: Crossing, dropped: boolean): void {
    const { client } = this.#options;
    const unseen = dropped || client.destroyed || client.readableEnded;
    this.#record(observeBroker(this.#state, crossing, unseen), crossing);
  }

  #record(observed: Observed | undefined, { channel }: Crossing): void {
    if (!observed) return;
    const fact = { ...observed, ...this.#where, channel };
    this.#options.history.record(fact as Parameters<History["record"]>[0]);
  }
}

function forward(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.writable && !to.write(bytes)) from.pause();
}
