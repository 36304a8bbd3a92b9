import type { Leaders } from "../broker/cluster.ts";
import { enableFeatureFlags } from "../broker/feature-flags.ts";
import type { ClusterStage } from "./cluster-stage.ts";
import { NodeEnd, type NodeFault } from "./node-end.ts";
import { NodeUpgrade, type Refusals } from "./node-upgrade.ts";
import { Partition } from "./partition.ts";

/** What can happen to a cluster's nodes. Before the account, all of them are together again. */
export class ClusterFaults {
  readonly #stage: ClusterStage;
  readonly #ended = new Map<string, NodeEnd>();
  readonly #upgrades = new Map<string, NodeUpgrade>();
  readonly #partitions = new Map<string, Partition>();

  constructor(stage: ClusterStage) {
    this.#stage = stage;
  }

  get nodes(): string[] {
    return this.#stage.cluster.names;
  }

  /** Kills nodes by SIGKILL, all of them at once. They stay down until they are started. */
  kill(...nodes: string[]): Promise<void> {
    return this.#end("node-kill", nodes);
  }

  /** Kills the node that leads a queue: of a classic queue, the one that has it. Returns its name. */
  async killLeader(queue: string): Promise<string> {
    const before = await this.#leaders();
    const leader = before.get(queue);
    if (leader === undefined) throw new Error(`There is no queue "${queue}" that a node leads`);
    await this.#end("node-kill", [leader], before);
    return leader;
  }

  /** Stops nodes in order, all of them at once. They stay down until they are started. */
  stop(...nodes: string[]): Promise<void> {
    return this.#end("node-stop", nodes);
  }

  /**
   * Starts nodes that were ended, all of them at once: one alone may have to wait for others.
   * Returns who leads what then.
   */
  async start(...nodes: string[]): Promise<Leaders> {
    const ends = nodes.map((node) => {
      const end = this.#ended.get(node);
      if (!end) throw new Error(`${node} was not ended, and can't be started`);
      return end;
    });
    const leaders = await NodeEnd.startAll(this.#stage, ends);
    for (const node of nodes) this.#ended.delete(node);
    return leaders;
  }

  /**
   * Stops each node and starts it again, one after the other, as an operator does it: the next only
   * when every quorum queue can do without it.
   */
  async restartOneByOne(): Promise<void> {
    let leaders = await this.#leaders();
    for (const node of this.nodes) {
      await this.#end("node-stop", [node], leaders);
      leaders = await this.start(node);
    }
  }

  /** Enables every feature flag, those that the broker calls experimental too, for good. */
  enableFeatureFlags(): Promise<void> {
    const { cluster } = this.#stage;
    return enableFeatureFlags(cluster.node(cluster.connected[0] ?? ""));
  }

  /**
   * Stops nodes one after the other, and starts them from another image, on the same data, all of
   * them at once. Those that refuse stay down: they can be upgraded again, or go back.
   *
   * @returns the refusals.
   */
  async upgrade(image: string, ...nodes: string[]): Promise<Refusals> {
    for (const node of nodes) {
      if (this.#upgrades.has(node)) continue;
      this.#upgrades.set(node, await NodeUpgrade.begin(this.#stage, node));
    }
    return this.#startUpgraded(nodes, image);
  }

  /** Starts nodes that have refused to be upgraded as what they were. Returns new refusals. */
  goBack(...nodes: string[]): Promise<Refusals> {
    return this.#startUpgraded(nodes);
  }

  /** Cuts a node off from the others until it is healed. Its clients still reach it. */
  async partition(node: string): Promise<void> {
    const before = await this.#leaders();
    this.#partitions.set(node, await Partition.begin(this.#stage, node, before));
  }

  /** Which node leads a queue: of a classic queue, the one that has it. */
  async leaderOf(queue: string): Promise<string> {
    const leader = (await this.#leaders()).get(queue);
    if (leader === undefined) throw new Error(`There is no queue "${queue}" that a node leads`);
    return leader;
  }

  /** Starts what is down, and reconnects what is cut off. */
  async heal(): Promise<void> {
    for (const [node, partition] of this.#partitions) {
      await partition.heal();
      this.#partitions.delete(node);
    }
    if (this.#ended.size > 0) await this.start(...this.#ended.keys());
    if (this.#upgrades.size === 0) return;
    for (const [, refusal] of await this.goBack(...this.#upgrades.keys())) throw refusal;
  }

  /** Who leads what, in the eyes of those nodes that can reach each other. */
  #leaders(): Promise<Leaders> {
    const { cluster, vhost } = this.#stage;
    return cluster.together(cluster.connected, vhost);
  }

  async #startUpgraded(nodes: readonly string[], image?: string): Promise<Refusals> {
    const upgrades = nodes.map((node) => {
      const upgrade = this.#upgrades.get(node);
      if (!upgrade) throw new Error(`${node} is not being upgraded, and can't go back`);
      return upgrade;
    });
    const refusals = await NodeUpgrade.startAll(upgrades, image);
    for (const node of nodes) if (!refusals.has(node)) this.#upgrades.delete(node);
    // Next to a node that was refused, the others may not be able to tell.
    if (refusals.size === 0) await this.#leaders();
    return refusals;
  }

  async #end(fault: NodeFault, nodes: string[], known?: Leaders): Promise<void> {
    const before = known ?? (await this.#leaders());
    const ends = await NodeEnd.all(this.#stage, fault, nodes, before);
    for (const end of ends) this.#ended.set(end.node, end);
  }
}
