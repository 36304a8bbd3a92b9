import type { Told } from "./told.ts";

/** Bytes that a frame adds to its payload, within AMQP's frame_max. */
export const FRAME_OVERHEAD = 8;

/** One connection of a client library, behind verbs that all libraries have in common. */
export interface Client {
  /** Among the rest: "connected" with each connection, "ended" with each end of one. */
  readonly told: Told;
  /** Bytes of a body that the library puts into one frame. */
  readonly bodyPerFrame: number;
  /** It consumes again by itself after a broker's cancel, and fails where the queue is gone. */
  readonly consumesAgain?: true;
  /** Opens a channel that gives confirms. */
  openChannel(): Promise<Channel>;
  /** Opens a channel with transactions, where the library has them. */
  openTransactions?(): Promise<Transactions>;
  close(): Promise<void>;
}

/** A channel. Whatever the library answers or throws is kept in its own words. */
export interface Channel {
  declare(queue: string, settings?: Record<string, unknown>): Promise<unknown>;
  /** A passive declare: refused with 404 where there is no such queue. */
  check(queue: string): Promise<unknown>;
  delete(queue: string): Promise<unknown>;
  /** Resolves with the confirm, or once sent in a transaction; rejects when refused. */
  publish(message: Outgoing): Promise<unknown>;
  get(queue: string): Promise<Incoming | undefined>;
  consume(queue: string, tag: string, onMessage: (message: Incoming) => void): Promise<unknown>;
  prefetch(count: number): Promise<unknown>;
  /** Asks for everything unacked again. */
  recover(): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface Transactions extends Channel {
  commit(): Promise<unknown>;
  rollback(): Promise<unknown>;
}

/** A message to the default exchange. */
export interface Outgoing {
  queue: string;
  body: Buffer;
  mandatory?: boolean;
  properties?: Properties;
}

/** The properties of AMQP, under the names that the libraries share. */
export interface Properties {
  contentType?: string;
  contentEncoding?: string;
  headers?: Record<string, unknown>;
  persistent?: boolean;
  priority?: number;
  correlationId?: string;
  replyTo?: string;
  expiration?: string;
  messageId?: string;
  /** Seconds since 1970. */
  timestamp?: number;
  type?: string;
  userId?: string;
  appId?: string;
}

export interface Incoming {
  body: Buffer;
  redelivered: boolean;
  /** Everything that the library hands out with it. */
  said: unknown;
  ack(): unknown;
  nack(requeue: boolean): unknown;
}

/** Connects one client, without Nagle's algorithm: it would add 40 ms to many a round trip. */
export type Connect = (url: string) => Promise<Client>;
