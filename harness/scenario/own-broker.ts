import { Broker } from "../broker/broker.ts";
import { Cluster } from "../broker/cluster.ts";
import { requireRoom } from "../broker/room.ts";
import { entrust, newOwner } from "../reaper/reaper.ts";
import { removeResources } from "../reaper/resources.ts";
import { type Nodes, nodesOf } from "./nodes.ts";

/** What an experiment has for itself. */
export interface Own {
  image: string;
  /** How many nodes of a cluster; a single node when left out. */
  nodes: number | undefined;
  /** A broker that is up, and tells how much room there is. */
  beside: Broker;
}

/**
 * Boots a broker, or the nodes of a cluster, for one experiment alone, which may turn it into another
 * version, and removes all of it at the end. Whatever happens to this process, it goes with it.
 *
 * @throws {SetupError} when there is too little memory or disk, or a node does not boot.
 */
export async function onOwnNodes<T>(
  { image, nodes, beside }: Own,
  experiment: (on: Nodes) => Promise<T>,
): Promise<T> {
  if (nodes === undefined) return onOwnBroker(image, (broker) => experiment({ broker }));
  await requireRoom(beside, nodes);
  return owning(async (options) =>
    experiment(nodesOf(await Cluster.boot({ ...options, image, size: nodes }))),
  );
}

/** The same for a single node. */
export function onOwnBroker<T>(
  image: string,
  experiment: (broker: Broker) => Promise<T>,
): Promise<T> {
  return owning(async (options) => experiment(await Broker.boot({ ...options, image })));
}

async function owning<T>(act: (owned: { owner: string; name: string }) => Promise<T>): Promise<T> {
  const owner = newOwner();
  const done = entrust(`resources ${owner}`);
  try {
    return await act({ owner, name: `ackproof-${owner.slice(0, 8)}` });
  } finally {
    await removeResources(owner);
    done();
  }
}
