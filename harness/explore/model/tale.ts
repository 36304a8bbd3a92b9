/**
 * Milliseconds by which the wire and the broker may differ on when a connection ended: the broker
 * hands a task on as soon as it notices, and goes on sending until then; the link tells of the end once
 * both sides have gone.
 */
export const LATE = 2_000;

/** One publish of a task, as its producer knows it. */
export interface Publish {
  seq: number;
  at: number;
  connection: number;
  channel: number;
  tag: number | null;
  /** As promised by whoever ordered it. */
  persistent: boolean;
  mandatory: boolean;
  /** What the producer heard; `none` where it heard nothing. */
  answer: "confirmed" | "refused" | "returned" | "none";
  /** When it heard that; infinite where it never did. */
  answeredAt: number;
}

/** One delivery of a task to a subject. */
export interface Delivery {
  seq: number;
  at: number;
  subject: string;
  connection: number;
  channel: number;
  tag: number;
  noAck: boolean;
  redelivered: boolean;
  queue: string;
  /** What the subject answered, and when; undefined where it did not. */
  answer?: { how: "acked" | "rejected" | "requeued"; seq: number; at: number };
}

/** All that happened to one task. */
export interface Tale {
  task: string;
  publishes: Publish[];
  deliveries: Delivery[];
  effects: { seq: number; subject: string }[];
  drained: { seq: number; at: number; queue: string }[];
}

/** The end of a connection or of one channel, as the wire saw it. */
export interface End {
  connection: number;
  /** Undefined where all of them ended. */
  channel?: number;
  seq: number;
  at: number;
  /** Whatever was sent before was processed before. */
  clean: boolean;
}

/** A history, read by tasks. */
export interface Story {
  tales: Map<string, Tale>;
  ends: End[];
  /** Each time that the broker ended. */
  downs: { seq: number; at: number; clean: boolean }[];
  /** When the last event was, in milliseconds since the run began. */
  lastAt: number;
}

/** Where on the wire something was sent. */
export type Place = { connection: number; channel: number };

/** The ends of what something was sent on, from then on. */
export function endsOf({ ends }: Story, { connection, channel, seq }: Place & { seq: number }) {
  return ends.filter(
    (end) =>
      end.connection === connection &&
      (end.channel === undefined || end.channel === channel) &&
      end.seq > seq,
  );
}
