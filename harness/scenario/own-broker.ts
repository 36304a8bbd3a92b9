import { Broker } from "../broker/broker.ts";
import { entrust, newOwner } from "../reaper/reaper.ts";
import { removeResources } from "../reaper/resources.ts";

/**
 * Boots a broker for one experiment alone, which may turn it into another version, and removes it at
 * the end. Whatever happens to this process, its container goes with it.
 */
export async function onOwnBroker<T>(
  image: string,
  experiment: (broker: Broker) => Promise<T>,
): Promise<T> {
  const owner = newOwner();
  const done = entrust(`resources ${owner}`);
  try {
    const name = `ackproof-${owner.slice(0, 8)}`;
    return await experiment(await Broker.boot({ image, owner, name }));
  } finally {
    await removeResources(owner);
    done();
  }
}
