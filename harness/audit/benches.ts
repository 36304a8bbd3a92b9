import { Broker } from "../broker/broker.ts";
import { parseGiven } from "../broker/given.ts";
import { bootLanes } from "../scenario/lanes.ts";
import type { Bench } from "./court.ts";

/** Where an audit's trials take place. */
export interface Benches {
  /** Trials here are side by side: nothing that one of them does is felt by another. */
  shared: Bench;
  /** How many at the same time. */
  sideBySide: number;
  /** Trials here are one after the other, and may do anything to the broker. */
  own?: Bench;
  /** What was removed before, of a run that could not tidy up after itself; a sentence. */
  removed: string | undefined;
  close(): Promise<void>;
}

/** What to start, or what is there; of a broker that is there, whether each trial has its queues to itself. */
export type BrokerChoice = { image: string } | { url: string; areApart: boolean };

/** Trials at the same time on a broker that they share. */
const SIDE_BY_SIDE = 2;

/**
 * Boots two brokers of an image, or connects to the one that is given by its URL.
 *
 * @param signal breaks the boot off, and leaves nothing of it.
 *
 * @throws {SetupError} when there is no broker to be had.
 */
export async function openBenches(from: BrokerChoice, signal: AbortSignal): Promise<Benches> {
  if ("url" in from) {
    const given = parseGiven(from.url);
    const shared = { broker: await Broker.given(given), vhost: given.vhost };
    const sideBySide = from.areApart ? SIDE_BY_SIDE : 1;
    return { shared, sideBySide, removed: undefined, close: async () => {} };
  }
  const lanes = await bootLanes(from.image, 2, { signal });
  const [first = "", second = ""] = lanes.ids;
  try {
    const [shared, own] = await Promise.all([Broker.attach(first), Broker.attach(second)]);
    const { removed, close } = lanes;
    const broker = { shared: { broker: shared }, own: { broker: own } };
    return { ...broker, sideBySide: SIDE_BY_SIDE, removed, close };
  } catch (error) {
    await lanes.close();
    throw error;
  }
}
