/** Which connections a network fault is about. What is left out is any. */
export interface Scope {
  subject?: string;
  /** Number of one connection. */
  connection?: number;
}

/** What is wrong with the network. */
export type Harm =
  /** Bytes vanish, and so does the end of the connection; the sockets stay. */
  | { kind: "half-open" }
  /** Bytes wait, in order, until it is healed. */
  | { kind: "stall" }
  /** Bytes arrive later by `delay` milliseconds, give or take up to `jitter`; always in order. */
  | { kind: "latency"; delay: number; jitter: number; seed: number }
  | { kind: "bandwidth"; bytesPerSecond: number }
  /** The connection is cut once so many more bytes have arrived, wherever in a frame that is. */
  | { kind: "cut-after"; bytes: number };

/** Who is meant to receive the bytes that a network fault strikes. */
export type Towards = "broker" | "client";

/** A harm, for as long as it lasts. */
export interface Impairment {
  /** Number of the fault that it belongs to. */
  injection: number;
  scope: Scope;
  towards: readonly Towards[];
  harm: Harm;
}

/** Is a connection within a scope? */
export function covers(scope: Scope, subject: string, connection: number): boolean {
  if (scope.subject !== undefined && scope.subject !== subject) return false;
  return scope.connection === undefined || scope.connection === connection;
}
