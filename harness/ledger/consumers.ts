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

/** Follows the consumers, and which of them could take a task now. */
export class Consumers implements Reader {
  readonly #channels = new Map<string, Channel>();
  /** Consumers that their programs have lost. */
  readonly #cutOff = new CutOff<Consumer>();
  readonly #standstill = new Standstill();
  /** Effects under way, by subject. */
  readonly #busy = new Map<string, number>();

  readonly reads: Readings = {
    "prefetch-set": (event) => {
      if (event.global) this.#channel(event).limit = event.count;
    },
    consuming: (event) => this.#consuming(event),
    delivered: (event) => this.#delivered(event),
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
    "ack-forged": (event) => this.#answered({ ...event, multiple: false }),
    "consumer-cancelled": (event) => {
      const { consumers } = this.#channel(event);
      const consumer = consumers.get(event.consumer);
      consumers.delete(event.consumer);
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
      for (const { consumers } of this.#channels.values()) {
        for (const [tag, one] of consumers) if (one.subject === subject) consumers.delete(tag);
      }
    },
  };

  /** Who must see each event, in this order. */
  readonly readers: readonly Reader[] = [this.#cutOff, this.#standstill, this];

  /** Could anybody take a task from this queue, or would, if it were not cut off from it? */
  canTakeFrom(queue: string): boolean {
    for (const channel of this.#channels.values()) {
      if (channel.limit > 0 && channel.unacked.size >= channel.limit) continue;
      if (this.#standstill.includes(channel.connection)) continue;
      for (const consumer of channel.consumers.values()) {
        if (consumer.queue === queue && hasRoom(consumer, consumer.held)) return true;
      }
    }
    for (const [subject, lost] of this.#cutOff.losses) {
      if (lost.queue === queue && hasRoom(lost, this.#busy.get(subject) ?? 0)) return true;
    }
    return false;
  }

  #consuming(event: EventOf<"consuming">): void {
    const { subject, queue, prefetch: limit, consumer } = event;
    this.#cutOff.regains(subject);
    this.#channel(event).consumers.set(consumer, { subject, queue, limit, held: 0 });
  }

  #delivered(event: EventOf<"delivered">): void {
    if (event.noAck || event.dropped) return;
    const channel = this.#channel(event);
    const consumer = event.consumer === null ? undefined : channel.consumers.get(event.consumer);
    channel.unacked.set(event.tag, consumer);
    if (consumer) consumer.held += 1;
  }

  #answered(event: Answer): void {
    const unacked = this.#channels.get(keyOf(event))?.unacked;
    if (unacked === undefined || event.dropped) return;
    for (const tag of tagsNamed(unacked, event)) {
      const consumer = unacked.get(tag);
      if (consumer) consumer.held -= 1;
      unacked.delete(tag);
    }
  }

  #ended(key: string, isOrderly: boolean): void {
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    if (isOrderly) return;
    for (const consumer of channel?.consumers.values() ?? []) this.#lost(consumer);
  }

  #lost(consumer: Consumer | undefined): void {
    if (consumer) this.#cutOff.loses(consumer.subject, consumer);
  }

  #works(subject: string, change: number): void {
    this.#busy.set(subject, (this.#busy.get(subject) ?? 0) + change);
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

function keyOf({ connection, channel }: { connection: number; channel: number }): string {
  return `${connection}/${channel}`;
}
