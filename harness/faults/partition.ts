import type { Leaders } from "../broker/cluster.ts";
import type { ClusterStage } from "./cluster-stage.ts";
import { ledNow } from "./leaders.ts";
import { Injection } from "./stage.ts";

/** A node that is cut off from the others, and not from its clients, until it is healed. */
export class Partition {
  readonly node: string;
  readonly #stage: ClusterStage;
  readonly #injection: Injection;

  private constructor(stage: ClusterStage, injection: Injection, node: string) {
    this.#stage = stage;
    this.#injection = injection;
    this.node = node;
  }

  /**
   * Cuts a node off. The witnesses are the nodes on both sides, none of which has ended: each sees
   * its own side and nobody else. They notice after the cluster's tick time.
   *
   * @param before who led what.
   */
  static async begin(stage: ClusterStage, node: string, before: Leaders): Promise<Partition> {
    const { cluster, history, vhost } = stage;
    const injection = Injection.begin(history, { fault: "partition", target: node, moment: "now" });
    await cluster.disconnect(node);
    const partition = new Partition(stage, injection, node);
    const others = cluster.connected;
    const views = [cluster.together(others, vhost), cluster.together([node])] as const;
    const [after] = await Promise.all(views);
    const seen = `${others.join(" and ")} see nobody else, and ${node} sees nobody`;
    injection.witnessed([seen, ...ledNow(node, before, after)].join("; "));
    return partition;
  }

  /** Reconnects it, and waits until the nodes see each other again. */
  async heal(): Promise<void> {
    const { cluster, vhost } = this.#stage;
    await cluster.reconnect(this.node);
    await cluster.together(cluster.connected, vhost);
    this.#injection.healed();
  }
}
