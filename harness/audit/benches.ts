import { Broker } from "../broker/broker.ts";
import { parseGiven } from "../broker/given.ts";
import { bootLanes } from "../scenario/lanes.ts";
import type { Bench } from "./court.ts";

/** Where an audit's trials take place. */
export interface Benches {
  /** Trials here are side by side: nothing that one of them does is felt by another. */
  shared: Bench;
  /** Trials here are one after the other, and may do anything to the broker. */
  own: Bench | undefined;
  /** What was removed before, of a run that could not tidy up after itself; a sentence. */
  removed: string | undefined;
  close(): Promise<void>;
}

/**
 * Boots two brokers of an image, or connects to the one that is given by its URL.
 *
 * @throws {SetupError} when there is no broker to be had.
 */
export async function openBenches(from: { image: string } | { url: string }): Promise<Benches> {
  if ("url" in from) {
    const given = parseGiven(from.url);
    const shared = { broker: await Broker.given(given), vhost: given.vhost };
    return { shared, own: undefined, removed: undefined, close: async () => {} };
  }
  const lanes = await bootLanes(from.image, 2);
  const [first = "", second = ""] = lanes.ids;
  try {
    const [shared, own] = await Promise.all([Broker.attach(first), Broker.attach(second)]);
    const { removed, close } = lanes;
    return { shared: { broker: shared }, own: { broker: own }, removed, close };
  } catch (error) {
    await lanes.close();
    throw error;
  }
}
