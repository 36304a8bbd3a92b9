import type { Incoming } from "../client.ts";
import type { Told } from "../told.ts";

/** How a user of the library ends what `Keep` began. */
export interface Keeper {
  close(): Promise<void>;
}

/**
 * Connects a client that gets over the loss of its connection, and has it consume from a queue that
 * exists. It tells, among the rest, "connected" with each connection, "ended" with each end of one.
 */
export type Keep = (
  url: string,
  queue: string,
  told: Told,
  onMessage: (message: Incoming) => void,
) => Promise<Keeper>;

/** Milliseconds until a lost connection is made again: no time that anybody would wait for. */
export const PAUSE = 10;

export const TAG = "keeper";
