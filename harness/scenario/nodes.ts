import type { Broker } from "../broker/broker.ts";
import type { Cluster } from "../broker/cluster.ts";
import { connectUntilUp } from "../broker/connect.ts";
import type { History } from "../history/history.ts";
import type { Upstream } from "../link/link.ts";

/** What an experiment is run on: a single node, or the nodes of a cluster. */
export interface Nodes {
  /** Of a cluster, the node that its operator turns to. */
  broker: Broker;
  cluster?: Cluster;
}

/** A cluster, whose operator turns to its first node. */
export function nodesOf(cluster: Cluster): Nodes {
  return { broker: cluster.node("node-1"), cluster };
}

/** Where the link finds the broker, or each of its nodes. */
export function upstreamOf({ broker, cluster }: Nodes): Upstream | Map<string, Upstream> {
  if (!cluster) return () => broker.amqp;
  return new Map([...cluster.nodes].map(([name, node]) => [name, () => node.amqp]));
}

export function tellWhoIsUp(history: History, { broker, cluster }: Nodes): void {
  const { boot, version } = broker;
  if (!cluster) history.record({ type: "broker-up", boot, version });
  for (const [node, { boot, version }] of cluster?.nodes ?? []) {
    history.record({ type: "broker-up", boot, version, node });
  }
}

/** Waits until a virtual host is up on every node: a subject would try another one meanwhile. */
export async function vhostIsUp(vhost: string, { cluster }: Nodes): Promise<void> {
  await Promise.all(
    [...(cluster?.nodes.values() ?? [])].map(async ({ amqp }) => {
      const { host, port } = amqp ?? { host: "", port: 0 };
      const url = `amqp://guest:guest@${host}:${port}/${encodeURIComponent(vhost)}`;
      const connection = await connectUntilUp(() => url);
      await connection.close();
    }),
  );
}
