import type { Death } from "../broker/broker.ts";
import type { Leaders } from "../broker/cluster.ts";
import type { ClusterStage } from "./cluster-stage.ts";
import { ledNow } from "./leaders.ts";
import { Injection } from "./stage.ts";

/** How a node ends: by SIGTERM and in order, or by SIGKILL. */
export type NodeFault = "node-stop" | "node-kill";

/** A node that the harness has ended, until it starts it again. */
export class NodeEnd {
  readonly node: string;
  readonly #stage: ClusterStage;
  readonly #injection: Injection;
  readonly #death: Death;
  #isWitnessed = false;

  private constructor(stage: ClusterStage, node: string, injection: Injection, death: Death) {
    this.#stage = stage;
    this.node = node;
    this.#injection = injection;
    this.#death = death;
  }

  /**
   * Ends nodes, all of them at once. The witnesses are the engine's exit codes, and the nodes that
   * are left: each of them sees the others and nobody else, and leaders among them.
   *
   * @param before who led what.
   */
  static async all(
    stage: ClusterStage,
    fault: NodeFault,
    nodes: string[],
    before: Leaders,
  ): Promise<NodeEnd[]> {
    const { cluster, vhost } = stage;
    const ends = await Promise.all(nodes.map((node) => NodeEnd.#begin(stage, fault, node)));
    const left = cluster.connected.filter((name) => !nodes.includes(name));
    // Where none is left, it shows at the next start that these lives have ended.
    if (left.length === 0) return ends;
    const after = await cluster.together(left, vhost);
    for (const end of ends) end.#witnessed(left, before, after);
    return ends;
  }

  static async #begin(stage: ClusterStage, fault: NodeFault, node: string): Promise<NodeEnd> {
    const { cluster, history } = stage;
    const broker = cluster.node(node);
    const injection = Injection.begin(history, { fault, target: node, moment: "now" });
    const death = await (fault === "node-stop" ? broker.stop() : broker.kill());
    history.record({ type: "broker-down", ...death, node });
    if (broker.state !== "down") throw new Error(`${node} is ${broker.state} after its ${fault}`);
    return new NodeEnd(stage, node, injection, death);
  }

  /**
   * Starts nodes on the same data, all of them at once: one alone may wait for others. Resolves
   * when every node that is up sees all that are.
   *
   * @returns who leads what then.
   */
  static async startAll(
    { cluster, vhost }: ClusterStage,
    ends: readonly NodeEnd[],
  ): Promise<Leaders> {
    await Promise.all(ends.map((end) => end.#start()));
    const leaders = await cluster.together(cluster.connected, vhost);
    for (const end of ends) end.#injection.healed();
    return leaders;
  }

  async #start(): Promise<void> {
    const { cluster, history } = this.#stage;
    const broker = cluster.node(this.node);
    await broker.start();
    const { boot, version } = broker;
    history.record({ type: "broker-up", boot, version, node: this.node });
    if (boot === this.#death.boot) throw new Error(`${this.node} kept its boot id ${boot}`);
    if (this.#isWitnessed) return;
    this.#injection.witnessed(`${this.#exit}, and boot ${boot} follows it`);
  }

  #witnessed(left: readonly string[], before: Leaders, after: Leaders): void {
    const views = `${left.join(" and ")} see nobody else`;
    const led = ledNow(this.node, before, after);
    this.#injection.witnessed([this.#exit, views, ...led].join("; "));
    this.#isWitnessed = true;
  }

  get #exit(): string {
    const { exitCode, boot } = this.#death;
    return `boot ${boot} of ${this.node} ended with exit code ${exitCode}`;
  }
}
