import type { BootFailure } from "../broker/boot-failure.ts";
import type { Broker, Death } from "../broker/broker.ts";
import type { ClusterStage } from "./cluster-stage.ts";
import { Injection } from "./stage.ts";
import { refusalOf } from "./upgrade.ts";

/** What nodes refused their data with, by their names. */
export type Refusals = ReadonlyMap<string, BootFailure>;

/**
 * The upgrade of one node of a cluster, from its stop until it is up again, as whatever. Its
 * witnesses are those of `upgrade`. A node that was refused stays down until it is started again,
 * as what it was or as the other version.
 */
export class NodeUpgrade {
  readonly node: string;
  readonly #stage: ClusterStage;
  readonly #injection: Injection;
  readonly #death: Death;
  readonly #was: Pick<Broker, "image" | "version">;
  readonly #refusals: string[] = [];

  private constructor(
    stage: ClusterStage,
    node: string,
    injection: Injection,
    { death, was }: { death: Death; was: Pick<Broker, "image" | "version"> },
  ) {
    this.#stage = stage;
    this.node = node;
    this.#injection = injection;
    this.#death = death;
    this.#was = was;
  }

  /** Stops a node in order. */
  static async begin(stage: ClusterStage, node: string): Promise<NodeUpgrade> {
    const { cluster, history } = stage;
    const broker = cluster.node(node);
    const { image, version } = broker;
    const injection = Injection.begin(history, { fault: "upgrade", target: node, moment: "now" });
    const death = await broker.stop();
    history.record({ type: "broker-down", ...death, node });
    return new NodeUpgrade(stage, node, injection, { death, was: { image, version } });
  }

  /**
   * Starts nodes, all of them at once. Resolves when each of them is up or has ended.
   *
   * @param image what they start from; left out, each of them what it was.
   * @returns the refusals of those that have ended.
   */
  static async startAll(upgrades: readonly NodeUpgrade[], image?: string): Promise<Refusals> {
    const ends = await Promise.all(upgrades.map((one) => one.#start(image ?? one.#was.image)));
    return new Map(ends.flatMap(([node, refusal]) => (refusal ? [[node, refusal]] : [])));
  }

  async #start(image: string): Promise<[string, BootFailure | undefined]> {
    const { node } = this;
    const { cluster, history } = this.#stage;
    const broker = cluster.node(node);
    const refusal = await refusalOf(broker.start(image === broker.image ? undefined : image));
    if (refusal) {
      const { boot, code: exitCode } = refusal;
      history.record({ type: "broker-down", boot, exitCode, clean: false, node });
      this.#refusals.push(`${image} exited with ${exitCode}`);
      return [node, refusal];
    }
    const { boot, version } = broker;
    history.record({ type: "broker-up", boot, version, node });
    this.#witnessed({ image, boot, version });
    return [node, undefined];
  }

  #witnessed({ image, boot, version }: Pick<Broker, "image" | "boot" | "version">): void {
    const { node } = this;
    const [was, death] = [this.#was, this.#death];
    if (boot === death.boot) throw new Error(`${node} kept its boot id ${boot} over an upgrade`);
    if (version === was.version && this.#refusals.length === 0) {
      throw new Error(`${node} was ${was.version} before its upgrade to ${image}, and still is`);
    }
    const life = `${node} was ${was.version}, boot ${death.boot}, and became ${version}, boot ${boot}`;
    this.#injection.witnessed([...this.#refusals, life].join("; "));
    this.#injection.healed();
  }
}
