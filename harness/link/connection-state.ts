import type { Method } from "../amqp/methods.ts";
import type { ContentProperties } from "../amqp/properties.ts";
import type { WireFact } from "../history/event.ts";
import { ChannelState, type Closing } from "./channel-state.ts";
import { BY_MESSAGE_ID, type Identity, type Route } from "./identity.ts";

/** A method as it crosses the link, with its content's properties if it carries content. */
export interface Crossing {
  channel: number;
  method: Method;
  properties?: ContentProperties;
}

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** A fact of the wire before it is said on which connection and channel it was seen. */
export type Seen = Without<WireFact, "subject" | "connection" | "channel" | "dropped">;

/** What was seen, and whether it reached whom it was meant for. */
export type Observed = Seen & { dropped?: true };

/** What the link knows of one AMQP connection. */
export class ConnectionState {
  readonly #channels = new Map<number, ChannelState>();
  readonly #subject: string;
  readonly #identity: Identity;
  /** Who began to close the connection, and with which words. */
  closing: Closing | undefined;
  closedCleanly = false;

  constructor(subject = "", identity: Identity = BY_MESSAGE_ID) {
    this.#subject = subject;
    this.#identity = identity;
  }

  /** The task that a message is about. */
  taskOf({ properties }: Crossing): string | null {
    return properties === undefined ? null : this.#identity.taskOf(properties);
  }

  isOutput(route: Omit<Route, "subject">): boolean {
    return this.#identity.isOutput({ subject: this.#subject, ...route });
  }

  channel(number: number): ChannelState {
    let state = this.#channels.get(number);
    if (!state) {
      state = new ChannelState();
      this.#channels.set(number, state);
    }
    return state;
  }

  /**
   * True when the broker has closed this channel, or either side the whole connection: then the
   * broker ignores what the client may still send. amqplib's close overtakes what its channels hold.
   */
  ignores(channel: number): boolean {
    return this.closing !== undefined || this.channel(channel).closing?.by === "broker";
  }

  /** Opens a channel, under a number that may have belonged to an earlier one. */
  open(number: number): void {
    this.#channels.set(number, new ChannelState());
  }

  /** Closes and cancels, which either side can begin. */
  ended({ channel, method }: Crossing, by: "client" | "broker"): Seen | undefined {
    const state = this.channel(channel);
    switch (method.name) {
      case "basic.cancel":
        // Its tag keeps its meaning: deliveries may be on their way, or (after a broker's cancel
        // and a late ack on RabbitMQ 4.3) come yet.
        return { type: "consumer-cancelled", consumer: method.consumerTag, by };
      case "channel.close": {
        const { code, text } = method;
        state.closing = { by, code, text };
        // The broker settles everything when it closes; the client waits for its answer.
        return by === "broker" ? { type: "channel-closed", by, code, text } : undefined;
      }
      case "channel.close-ok":
        return this.#channelClosed(channel, by);
      case "connection.close":
        this.closing ??= { by, code: method.code, text: method.text };
        return undefined;
      case "connection.close-ok":
        this.closedCleanly = true;
        return undefined;
      default:
        return undefined;
    }
  }

  #channelClosed(channel: number, answerBy: "client" | "broker"): Seen | undefined {
    const { closing, consumers } = this.channel(channel);
    // Deliveries may be on their way, behind the broker's own close: these tags keep their meaning.
    this.#channels.set(channel, new ChannelState(consumers));
    // A close by the broker is on record since it was said; both sides may say it at once.
    if (closing?.by !== "client" || answerBy !== "broker") return undefined;
    return { type: "channel-closed", ...closing };
  }
}
