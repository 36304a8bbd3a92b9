import type { Delivery } from "./delivery.ts";

/** One channel of a subject, and the deliveries that are open on it. */
export class Channel {
  readonly subject: string;
  readonly connection: number;
  readonly number: number;
  /** Deliveries that await an ack, by tag, in the order of their tags. */
  readonly unacked = new Map<number, Delivery>();
  /** Deliveries with automatic acks: the broker has forgotten them, their effect is to come. */
  readonly automatic = new Set<Delivery>();
  /** Deliveries that the link has acked in the subject's place, by tag: it may ack them, too. */
  readonly forged = new Map<number, Delivery>();
  /** The highest tag so far: one beyond it has named nothing here. */
  lastTag = 0;
  /** Consumers that the broker has cancelled: their client has nobody left for what still comes. */
  readonly cancelled = new Set<string>();
  closed = false;
  /** It was sent a tag that names nothing: the broker is going to close it, and reads no further. */
  isDoomed = false;
  /**
   * It can swallow an ack: it ended in a way in which the broker stops reading, or drops what its
   * channel process has not handled yet; or the broker has cancelled a consumer on it, and taken
   * back what that held.
   */
  mayHaveSwallowed = false;

  constructor(place: { subject: string; connection: number; channel: number }) {
    this.subject = place.subject;
    this.connection = place.connection;
    this.number = place.channel;
  }

  /**
   * The unacked deliveries that an ack or reject names. Tag 0 with `multiple` names all, and a tag
   * that is not unacked names none. What a fault swallowed is still unacked: the broker never heard
   * of it.
   */
  namedBy(tag: number, multiple: boolean): Delivery[] {
    if (!multiple) {
      const delivery = this.unacked.get(tag);
      return delivery ? [delivery] : [];
    }
    const named: Delivery[] = [];
    if (tag !== 0 && !this.unacked.has(tag)) return named;
    for (const delivery of this.unacked.values()) {
      if (tag !== 0 && delivery.tag > tag) break;
      named.push(delivery);
    }
    return named;
  }
}
