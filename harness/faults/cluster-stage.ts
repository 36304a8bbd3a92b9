import type { Cluster } from "../broker/cluster.ts";
import type { Stage } from "./stage.ts";

/** What a fault can reach where the broker is several nodes. */
export interface ClusterStage extends Stage {
  cluster: Cluster;
}
