import { Broker } from "../broker/broker.ts";
import { bootLanes } from "../scenario/lanes.ts";

/** Which runs have faults of the broker. */
export type Disturbed = "some" | "none" | "all";

/** A broker on which plans are run. */
export class Ground {
  #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** The broker, brought up again if the last run has left it down or frozen. */
  async broker(): Promise<Broker> {
    if (this.#broker.state !== "running") this.#broker = await Broker.attach(this.#broker.id);
    return this.#broker;
  }
}

/** Where plans are run. */
export interface Grounds {
  image: string;
  version: string;
  /** For runs that share a broker. */
  shared?: Ground;
  /** Each for one run at a time, which may do anything to its broker. */
  own: readonly Ground[];
  close(): Promise<void>;
}

/**
 * Boots the brokers that an exploration needs. Where runs are to end brokers, the next one finds a
 * warm one: a broker that was restarted is as good as one that was booted.
 *
 * @throws {SetupError} when a broker does not boot.
 */
export async function openGrounds(
  image: string,
  disturbed: Disturbed,
  count = disturbed === "none" ? 1 : 2,
): Promise<Grounds> {
  const lanes = await bootLanes(image, count, { onDisks: disturbed !== "none" });
  try {
    const brokers = await Promise.all(lanes.ids.map((id) => Broker.attach(id)));
    return { ...groundsOn(brokers, disturbed), close: lanes.close };
  } catch (error) {
    await lanes.close();
    throw error;
  }
}

/** Grounds on brokers that somebody else ends. Of several, the first is shared. */
export function groundsOn(brokers: readonly Broker[], disturbed: Disturbed): Grounds {
  const [first] = brokers;
  if (!first) throw new Error("There is no broker to explore");
  const { image, version } = first;
  const grounds = brokers.map((broker) => new Ground(broker));
  const [shared, ...others] = grounds as [Ground, ...Ground[]];
  const close = async () => {};
  if (disturbed === "all") return { image, version, own: grounds, close };
  return { image, version, shared, own: disturbed === "none" ? [] : others, close };
}
