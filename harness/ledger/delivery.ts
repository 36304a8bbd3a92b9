import type { Party } from "../history/event.ts";
import type { Channel } from "./channel.ts";
import type { Task } from "./task.ts";

/** How a delivery left its subject's hand, other than by an answer that the broker got. */
export interface Loss {
  readonly how: "channel" | "connection" | "requeued";
  readonly by: Party;
  readonly clean: boolean;
  /** Milliseconds since the run began. */
  readonly at: number;
}

/** One delivery to a subject under test. */
export interface Delivery {
  /** Null for a message without an id. */
  readonly task: Task | null;
  readonly subject: string;
  readonly queue: string;
  readonly channel: Channel;
  readonly tag: number;
  readonly seq: number;
  /** A fault kept it from the client. */
  readonly dropped: boolean;
  /** False if the client had it from nobody, or for nobody. */
  readonly seen: boolean;
  /** The subject asked for the effect since. */
  requested: boolean;
  /** The sink saw the effect since, or knew it already. */
  done: boolean;
  /** How many effects the sink saw of it, also after it had left the subject's hand. */
  effects: number;
  /** The client sent an ack or a reject, whether or not the broker got it. */
  answered: boolean;
  /** Such an answer has passed the link, and is not just held there. */
  sent: boolean;
  /** When the client sent its ack, the effect was not known to be done. */
  early: boolean;
  /** The broker has cancelled its consumer, and maybe taken it back: an answer may count for nothing. */
  revoked: boolean;
  /** Null while it is open, and where the broker has an answer. */
  loss: Loss | null;
}

/** The end of a delivery on the wire. */
export interface Settlement {
  /** `forged`: the link acked it in the subject's place. */
  readonly how: "acked" | "automatic" | "rejected" | "forged";
  readonly subject: string;
  readonly queue: string;
  readonly channel: Channel;
  readonly seq: number;
}

export function settlementOf(delivery: Delivery, how: Settlement["how"], seq: number): Settlement {
  const { subject, queue, channel } = delivery;
  return { how, subject, queue, channel, seq };
}
