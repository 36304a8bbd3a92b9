import type { Broker } from "../broker/broker.ts";
import { Cluster } from "../broker/cluster.ts";
import { requireRoom } from "../broker/room.ts";
import { entrust, newOwner } from "../reaper/reaper.ts";
import { removeResources } from "../reaper/resources.ts";
import { type Nodes, nodesOf } from "./nodes.ts";

interface Kept {
  cluster: Cluster;
  close(): Promise<void>;
}

let kept: Kept | undefined;

/**
 * The cluster of this worker's lane. No other spec uses it at the same time. The specs of a file
 * share it; where the last one has left it broken, another one takes its place.
 *
 * @param beside the lane's broker: the cluster gets its image, and it tells how much room there is.
 * @throws {SetupError} when there is too little memory or disk, or a node does not boot.
 */
export async function laneCluster(size: number, beside: Broker): Promise<Nodes> {
  if (!kept?.cluster.isWhole || kept.cluster.nodes.size !== size) kept = await boot(size, beside);
  return nodesOf(kept.cluster);
}

async function boot(size: number, beside: Broker): Promise<Kept> {
  await closeLaneCluster();
  await requireRoom(beside, size);
  const owner = newOwner();
  const done = entrust(`resources ${owner}`);
  const close = async () => {
    await removeResources(owner);
    done();
  };
  const name = `ackproof-${owner.slice(0, 8)}`;
  try {
    return { cluster: await Cluster.boot({ image: beside.image, owner, name, size }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes the lane's cluster, if there is one, when the last spec of a file has run. */
export async function closeLaneCluster(): Promise<void> {
  const closing = kept;
  kept = undefined;
  await closing?.close();
}
