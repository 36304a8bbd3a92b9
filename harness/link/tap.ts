import type { Socket } from "node:net";
import { FrameReader } from "../amqp/frame-reader.ts";
import { answerTo } from "../amqp/protocol-header.ts";
import type { ProtocolViolation } from "../amqp/protocol-violation.ts";
import type { Holdable, Party } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Crossing } from "./connection-state.ts";
import type { Preview } from "./from-client.ts";
import type { Hold } from "./hold.ts";
import type { Identity } from "./identity.ts";
import type { Impairment } from "./impairment.ts";
import { ack, impossible, isFlowOk, keepFlowing } from "./own-methods.ts";
import { reset } from "./reset.ts";
import { StandingHolds } from "./standing-holds.ts";
import { Way } from "./way.ts";
import { type Where, Witness } from "./witness.ts";

export interface TapOptions extends Where {
  history: History;
  /** Which node of the broker it leads to, where there are several. */
  node?: string;
  identity: Identity;
  client: Socket;
  upstream: Socket;
  /** The subject's armed holds. */
  holds(): readonly Hold[];
  /** This hold has fired. */
  disarm(hold: Hold): void;
  /** The client has answered a delivery, which is about to be told. */
  beforeAnswer(): void;
  /** An impairment has struck its first bytes here. */
  struck(impairment: Impairment): void;
  /** Both sides have ended. */
  ended(): void;
}

const SENT_BY_BROKER: readonly Holdable[] = ["confirm", "delivery"];

/** What a client says of deliveries. */
const ANSWERS: ReadonlySet<string> = new Set(["basic.ack", "basic.nack", "basic.reject"]);

/** AMQP's frame_max says nothing of a frame's own 8 bytes. */
const FRAME_OVERHEAD = 8;

/** One connection between a subject and the broker, forwarded and witnessed. */
export class Tap {
  readonly subject: string;
  readonly connection: number;
  readonly #options: TapOptions;
  readonly #witness: Witness;
  readonly #readers = [new FrameReader({ protocolHeader: true }), new FrameReader()] as const;
  readonly #toBroker: Way;
  readonly #toClient: Way;
  readonly #standing: StandingHolds;
  #endedBy: Party | undefined;
  #open = 2;

  constructor(options: TapOptions) {
    const { history, subject, connection, identity, client, upstream } = options;
    this.subject = subject;
    this.connection = connection;
    this.#options = options;
    this.#witness = new Witness(history, { subject, connection }, identity, options.node);
    this.#standing = new StandingHolds(this.#witness);
    this.#toBroker = new Way("broker", { from: client, to: upstream }, this.#readers[0], {
      ...this.#common("client"),
      see: (crossing, dropped) => this.#seeClient(crossing, dropped),
      preview: (crossing) => this.#witness.previewClient(crossing),
      holds: () => this.#holds(false),
      caught: (...caught) => this.#caught(this.#toBroker, ...caught),
      ended: () => this.#clientEnded(),
    });
    this.#toClient = new Way("client", { from: upstream, to: client }, this.#readers[1], {
      ...this.#common("broker"),
      see: (crossing, dropped) => this.#seeBroker(crossing, dropped),
      preview: (crossing) => this.#witness.previewBroker(crossing),
      holds: () => this.#holds(true),
      caught: (...caught) => this.#caught(this.#toClient, ...caught),
      ended: () => this.#brokerEnded(),
    });
  }

  /** The broker has ended it; the client may not have noticed. */
  get isClosed(): boolean {
    return this.#witness.isClosed;
  }

  /** Both sides see a reset. What was under way is gone. */
  reset(): void {
    this.#end("link");
    for (const way of this.#ways) way.close();
    const { client, upstream } = this.#options;
    reset(client);
    if (!this.#giveUpConnecting()) reset(upstream);
  }

  /** Both sides see an end without a goodbye, after all that has been forwarded. */
  hangUp(): void {
    this.#end("link");
    const { client, upstream } = this.#options;
    client.end();
    if (!this.#giveUpConnecting()) upstream.end();
  }

  impair(impairment: Impairment): void {
    for (const way of this.#struckBy(impairment)) {
      way.impair(impairment);
      if (impairment.harm.kind === "half-open") this.#standing.drop(way);
    }
  }

  /** Where bytes have vanished, the connection can't go on: healed, the network resets it. */
  heal(impairment: Impairment): void {
    const beyondRepair = this.#struckBy(impairment).map((way) => way.heal(impairment));
    if (beyondRepair.includes(true)) this.reset();
  }

  /**
   * Acks a delivery in the client's place. Resolves once the broker has processed that; never, if
   * the connection ends before.
   */
  forgeAck(channel: number, tag: number): Promise<void> {
    return new Promise((resolve) => {
      this.#toClient.direction.remove((frame) => {
        if (!isFlowOk(frame, channel)) return false;
        resolve();
        return true;
      });
      this.#toBroker.direction.interject({
        channel,
        bytes: Buffer.concat([ack(channel, tag), keepFlowing(channel)]),
        said: () => this.#witness.ackForged(channel, tag),
      });
    });
  }

  /** Says on a channel what the broker closes it for. */
  provokeClose(channel: number): void {
    const bytes = impossible(channel);
    this.#toBroker.direction.interject({ channel, bytes, said: () => {} });
  }

  /** Keeps what the client says from the broker for now, as a full network does; and then lets it. */
  stem(isStemmed: boolean): void {
    this.#toBroker.stem(isStemmed);
  }

  /** Ends everything at once, at the end of a run. */
  destroy(): void {
    this.#endedBy ??= "link";
    for (const way of this.#ways) way.close();
    this.#options.client.destroy();
    this.#options.upstream.destroy();
  }

  /** An end would wait until the broker has been reached, and that may never be. */
  #giveUpConnecting(): boolean {
    const { upstream } = this.#options;
    if (upstream.connecting) upstream.destroy();
    return upstream.destroyed;
  }

  get #ways(): Way[] {
    return [this.#toBroker, this.#toClient];
  }

  #struckBy({ towards }: Impairment): Way[] {
    return this.#ways.filter((way) => towards.includes(way.towards));
  }

  #common(sender: Party) {
    return {
      headers: this.#options.identity.headers,
      struck: (impairment: Impairment, bytes: number, late?: number) => {
        const { injection, harm } = impairment;
        const towards = sender === "client" ? "broker" : "client";
        const lateness = late === undefined ? {} : { late: Math.round(late) };
        const struck = { injection, harm: harm.kind, towards, bytes, ...lateness } as const;
        this.#witness.tell({ type: "impaired", ...struck });
        this.#options.struck(impairment);
      },
      violated: (violation: ProtocolViolation, opening: Buffer) =>
        this.#violated(sender, violation, opening),
      severed: () => this.#end("link"),
      done: () => {
        this.#open -= 1;
        if (this.#open > 0) return;
        this.#witness.closed(this.#endedBy ?? "client");
        this.#options.ended();
      },
    };
  }

  /** Nothing more is forwarded, either way. */
  #end(by: Party): void {
    this.#endedBy ??= by;
    this.#toBroker.direction.abort();
    this.#toClient.direction.abort();
    this.#standing.dropAll();
  }

  #clientEnded(): void {
    this.#endedBy ??= "client";
    // What stands in the link never reaches the broker: its sender is gone.
    this.#toBroker.direction.abort();
    this.#standing.dropAll();
    // An end, not a reset: a reset could overtake what was forwarded and is still unread.
    if (!this.#toBroker.isVanishing) this.#options.upstream.end();
  }

  /** What the client may still send until it notices, nobody is there to see. */
  #brokerEnded(): void {
    const { client, upstream } = this.#options;
    this.#end("broker");
    // From here on the broker hands its tasks to others, whatever the client believes.
    this.#witness.closed(this.#endedBy ?? "broker");
    if (this.#toClient.isVanishing) return;
    if (upstream.errored) reset(client);
    else client.end();
  }

  #violated(by: Party, { message: text }: ProtocolViolation, opening: Buffer): void {
    const { client, upstream } = this.#options;
    this.#witness.tell({ type: "protocol-violation", by, text });
    this.#end("link");
    for (const way of this.#ways) way.close();
    const answer = by === "client" ? answerTo(opening) : undefined;
    if (answer) this.#toBroker.dismiss(answer);
    else reset(client);
    upstream.destroy();
  }

  #holds(sentByBroker: boolean): readonly Hold[] {
    const armed = this.#options.holds();
    if (armed.length === 0) return armed;
    if (this.#endedBy) return []; // What is still read here has nobody to go to, or to come from.
    return armed.filter(({ match }) => SENT_BY_BROKER.includes(match.what) === sentByBroker);
  }

  #caught(way: Way, hold: Hold, channel: number, preview: Preview): void {
    this.#options.disarm(hold);
    this.#standing.begin(way, hold, channel, preview);
  }

  #seeClient(crossing: Crossing, dropped: boolean): void {
    const { method } = crossing;
    if (method.name === "connection.tune-ok") {
      for (const reader of this.#readers) {
        reader.limit = method.frameMax === 0 ? 0 : method.frameMax + FRAME_OVERHEAD;
      }
    }
    if (ANSWERS.has(method.name)) this.#options.beforeAnswer();
    this.#witness.seeClient(crossing, dropped);
  }

  #seeBroker(crossing: Crossing, dropped: boolean): void {
    const { client } = this.#options;
    const isGone = client.destroyed || client.readableEnded;
    this.#witness.seeBroker(crossing, dropped || isGone);
  }
}
