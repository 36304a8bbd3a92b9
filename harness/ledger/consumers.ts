import type { EventOf } from "../history/event.ts";
import { CutOff } from "./cut-off.ts";
import type { Reader, Readings } from "./reading.ts";
import { Standstill } from "./standstill.ts";
import { tagsNamed } from "./tags.ts";

interface Consumer {
  readonly subject: string;
  readonly queue: string;
  /** How many unacked tasks it may hold; 0 is no limit. */
  readonly limit: number;
  /** Deliveries that it has not answered. With automatic acks there are none. */
  held: number;
  /** It is counted as one that could take a task. */
  isOpen: boolean;
  /** It consumes no more on its channel. */
  isGone: boolean;
}

interface Channel {
  readonly connection: number;
  readonly consumers: Map<string, Consumer>;
  /** Deliveries that await an answer, by tag, each with its consumer. */
  readonly unacked: Map<number, Consumer | undefined>;
  /** The limit of all its consumers together; 0 is none. */
  limit: number;
}

interface Answer {
  connection: number;
  channel: number;
  tag: number;
  multiple: boolean;
  dropped?: true;
}

/** Channels of a connection, at most. */
const CHANNELS = 1 << 16;

/**
 * Follows the consumers, and from which queues somebody could take a task now, or would, if it were
 * not cut off from it.
 */
export class Consumers implements Reader {
  readonly #channels = new Map<number, Channel>();
  /** Consumers that their programs have lost. */
  readonly #cutOff = new CutOff<Consumer>((subject, lost, before) => {
    if (before) this.#count(before, false);
    if (lost) this.#count(lost, hasRoom(lost, this.#busy.get(subject) ?? 0));
  });
  readonly #standstill = new Standstill((connection) => this.#reviewConnection(connection));
  /** Effects under way, by subject. */
  readonly #busy = new Map<string, number>();
  /** By queue, how many could take a task from it. */
  readonly #open = new Map<string, number>();
  readonly #onChange: (queue: string, canTake: boolean) => void;

  /** @param onChange hears when somebody can take from a queue, and when nobody can any more. */
  constructor(onChange: (queue: string, canTake: boolean) => void) {
    this.#onChange = onChange;
  }

  readonly reads: Readings = {
    "prefetch-set": (event) => {
      if (!event.global) return;
      const channel = this.#channel(event);
      channel.limit = event.count;
      this.#review(channel);
    },
    consuming: (event) => this.#consuming(event),
    delivered: (event) => this.#delivered(event),
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
    "ack-forged": (event) => this.#answered({ ...event, multiple: false }),
    "consumer-cancelled": (event) => {
      const consumer = this.#remove(this.#channel(event), event.consumer);
      if (event.by === "broker") this.#lost(consumer);
    },
    "channel-closed": (event) => this.#ended(keyOf(event), event.by === "client"),
    "connection-closed": ({ connection, by, clean }) => {
      for (const [key, channel] of this.#channels) {
        if (channel.connection === connection) this.#ended(key, clean && by === "client");
      }
    },
    "effect-requested": ({ subject }) => this.#works(subject, +1),
    "effect-done": ({ subject }) => this.#works(subject, -1),
    "effect-repeated": ({ subject }) => this.#works(subject, -1),
    "effect-refused": ({ subject }) => this.#works(subject, -1),
    "effect-abandoned": ({ subject }) => this.#works(subject, -1),
    "process-exited": ({ subject }) => {
      for (const channel of this.#channels.values()) {
        for (const [tag, one] of channel.consumers) {
          if (one.subject === subject) this.#remove(channel, tag);
        }
      }
    },
  };

  /** Who must see each event, in this order. */
  readonly readers: readonly Reader[] = [this.#cutOff, this.#standstill, this];

  #consuming(event: EventOf<"consuming">): void {
    const { subject, queue, prefetch: limit, consumer } = event;
    this.#cutOff.regains(subject);
    const channel = this.#channel(event);
    this.#remove(channel, consumer);
    const news = { held: 0, isOpen: false, isGone: false };
    channel.consumers.set(consumer, { subject, queue, limit, ...news });
    this.#review(channel);
  }

  #delivered(event: EventOf<"delivered">): void {
    if (event.noAck || event.dropped) return;
    const channel = this.#channel(event);
    const consumer = event.consumer === null ? undefined : channel.consumers.get(event.consumer);
    channel.unacked.set(event.tag, consumer);
    if (consumer) consumer.held += 1;
    this.#reviewSome(channel, consumer);
  }

  #answered(event: Answer): void {
    const channel = this.#channels.get(keyOf(event));
    if (channel === undefined || event.dropped) return;
    const { unacked } = channel;
    for (const tag of tagsNamed(unacked, event)) {
      const consumer = unacked.get(tag);
      if (consumer) consumer.held -= 1;
      unacked.delete(tag);
      this.#reviewSome(channel, consumer);
    }
  }

  #ended(key: number, isOrderly: boolean): void {
    const channel = this.#channels.get(key);
    if (channel === undefined) return;
    this.#channels.delete(key);
    const consumers = [...channel.consumers.values()];
    for (const tag of channel.consumers.keys()) this.#remove(channel, tag);
    if (!isOrderly) for (const consumer of consumers) this.#lost(consumer);
  }

  #remove(channel: Channel, tag: string): Consumer | undefined {
    const consumer = channel.consumers.get(tag);
    if (consumer === undefined) return undefined;
    channel.consumers.delete(tag);
    consumer.isGone = true;
    this.#count(consumer, false);
    return consumer;
  }

  /** Once it is lost, it is another one: what is still to come on its channel is none of it. */
  #lost(consumer: Consumer | undefined): void {
    if (consumer) this.#cutOff.loses(consumer.subject, { ...consumer, isGone: false });
  }

  #works(subject: string, change: number): void {
    const busy = (this.#busy.get(subject) ?? 0) + change;
    this.#busy.set(subject, busy);
    const lost = this.#cutOff.of(subject);
    if (lost) this.#count(lost, hasRoom(lost, busy));
  }

  #reviewConnection(connection: number): void {
    for (const channel of this.#channels.values()) {
      if (channel.connection === connection) this.#review(channel);
    }
  }

  /** Only where there is a limit for all of them does one stand in the way of another. */
  #reviewSome(channel: Channel, consumer: Consumer | undefined): void {
    if (channel.limit > 0) this.#review(channel);
    else if (consumer) this.#reviewOne(channel, consumer);
  }

  #review(channel: Channel): void {
    for (const consumer of channel.consumers.values()) this.#reviewOne(channel, consumer);
  }

  #reviewOne(channel: Channel, consumer: Consumer): void {
    const isFull = channel.limit > 0 && channel.unacked.size >= channel.limit;
    const isStill = this.#standstill.includes(channel.connection);
    const canTake = !consumer.isGone && !isFull && !isStill;
    this.#count(consumer, canTake && hasRoom(consumer, consumer.held));
  }

  #count(consumer: Consumer, isOpen: boolean): void {
    if (consumer.isOpen === isOpen) return;
    consumer.isOpen = isOpen;
    const { queue } = consumer;
    const open = (this.#open.get(queue) ?? 0) + (isOpen ? 1 : -1);
    this.#open.set(queue, open);
    if (open === (isOpen ? 1 : 0)) this.#onChange(queue, isOpen);
  }

  #channel(place: { connection: number; channel: number }): Channel {
    const key = keyOf(place);
    const known = this.#channels.get(key);
    if (known) return known;
    const { connection } = place;
    const channel = { connection, consumers: new Map(), unacked: new Map(), limit: 0 };
    this.#channels.set(key, channel);
    return channel;
  }
}

function hasRoom({ limit }: Consumer, held: number): boolean {
  return limit === 0 || held < limit;
}

function keyOf({ connection, channel }: { connection: number; channel: number }): number {
  return connection * CHANNELS + channel;
}
