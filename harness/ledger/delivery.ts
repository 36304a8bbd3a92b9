import type { Channel } from "./channel.ts";
import type { Task } from "./task.ts";

/** One delivery to a subject under test. */
export interface Delivery {
  /** Null for a message without an id. */
  readonly task: Task | null;
  readonly subject: string;
  readonly queue: string;
  readonly channel: Channel;
  readonly tag: number;
  readonly seq: number;
  /** False if a fault kept it from the client. */
  readonly seen: boolean;
  /** The subject asked for the effect since. */
  requested: boolean;
  /** The sink saw the effect since. */
  done: boolean;
  /** The client sent an ack or a reject, whether or not the broker got it. */
  answered: boolean;
  /** When the client sent its ack, the effect was not known to be done. */
  early: boolean;
}

/** The end of a delivery on the wire. */
export interface Settlement {
  readonly how: "acked" | "automatic" | "rejected";
  readonly subject: string;
  readonly queue: string;
  readonly channel: Channel;
  readonly seq: number;
}

export function settlementOf(delivery: Delivery, how: Settlement["how"], seq: number): Settlement {
  const { subject, queue, channel } = delivery;
  return { how, subject, queue, channel, seq };
}
