import { DEADLINE } from "../until.ts";
import { Broker } from "./broker.ts";
import { evaluateUntil } from "./evaluate.ts";
import { PrivateNetwork } from "./private-network.ts";

export interface ClusterOptions {
  image: string;
  /** Who removes its containers and its network if nobody else does: the owner label's value. */
  owner: string;
  /** What its network is called, and with a node's name behind it, each container. */
  name: string;
  /** How many nodes it has. */
  size: number;
}

/**
 * Seconds of silence after which a node takes another one for down, give or take a quarter. The
 * broker's own default is 60. What takes this long is not the broker's slowness, but its setting.
 */
export const TICK_TIME = 4;

/** Which node leads each queue. */
export type Leaders = ReadonlyMap<string, string>;

/**
 * Nodes that are one broker. They talk to each other by a private network, and clients come by
 * another one: a node that is cut off from the others is still there for its clients.
 */
export class Cluster {
  /** The nodes, by their names `node-1` to `node-n`. */
  readonly nodes: ReadonlyMap<string, Broker>;
  readonly #network: PrivateNetwork;
  readonly #cutOff = new Set<string>();

  private constructor(network: PrivateNetwork, nodes: ReadonlyMap<string, Broker>) {
    this.#network = network;
    this.nodes = nodes;
  }

  /**
   * Starts all nodes at once; resolves when each of them sees the others.
   *
   * @throws {SetupError} when a node does not boot.
   */
  static async boot({ size, ...options }: ClusterOptions): Promise<Cluster> {
    const network = await PrivateNetwork.create(options);
    const names = Array.from({ length: size }, (_, index) => `node-${index + 1}`);
    const boots = names.map((name) => bootNode(name, names, network, options));
    const ends = await Promise.allSettled(boots); // None is left booting behind a failure's back.
    const nodes = new Map(ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : [])));
    const cluster = new Cluster(network, nodes);
    try {
      await Promise.all(boots);
      await cluster.together(names);
    } catch (error) {
      await cluster.close().catch(() => {}); // Its owner removes what is left.
      throw error;
    }
    return cluster;
  }

  get names(): string[] {
    return [...this.nodes.keys()];
  }

  /** The nodes that are up, whether or not they see each other. */
  get running(): string[] {
    return this.names.filter((name) => this.node(name).state === "running");
  }

  /** The nodes that are up and not cut off from the others. */
  get connected(): string[] {
    return this.running.filter((name) => !this.#cutOff.has(name));
  }

  get isWhole(): boolean {
    return this.connected.length === this.nodes.size;
  }

  /** Is this enough of its nodes to decide anything? */
  isMajority(names: readonly string[]): boolean {
    return names.length > this.nodes.size / 2;
  }

  /** @throws {Error} for a name that no node has. */
  node(name: string): Broker {
    const node = this.nodes.get(name);
    if (!node) throw new Error(`There is no node "${name}", only ${this.names.join(", ")}`);
    return node;
  }

  /** Takes a node's cable to the others out. */
  async disconnect(name: string): Promise<void> {
    await this.#network.disconnect(this.node(name).id);
    this.#cutOff.add(name);
  }

  async reconnect(name: string): Promise<void> {
    await this.#network.connect(this.node(name).id, name);
    this.#cutOff.delete(name);
  }

  /**
   * Waits until each of these nodes sees all of them and no other, and says so itself. Where they
   * are a majority, the broker also runs on each, and not only its virtual machine; and of each
   * quorum queue in the virtual host, if one is named, one of them is the leader. Where they are
   * all there are, every quorum queue has more members than it needs.
   *
   * @param deadline milliseconds.
   * @returns which node leads each queue: of a classic queue, the one that has it.
   * @throws {MissedDeadline}
   */
  async together(names: readonly string[], vhost?: string, deadline = DEADLINE): Promise<Leaders> {
    const [first] = names;
    if (first === undefined) throw new Error("Where there is no node, none sees another");
    const isMajority = this.isMajority(names);
    const isAll = names.length === this.nodes.size;
    const views = [PEERS, ...(isMajority ? [BROKERS] : []), ...(isAll ? [SCARCE] : [])];
    const expected = ["Group", ...(isMajority ? ["Group"] : []), ...(isAll ? ["[]"] : [])];
    const told = await evaluateUntil(
      this.node(first),
      `${names.join(", ")} to see each other and nobody else`,
      `Group = [${[...names].sort().map(erlangName)}],
       Look = fun() -> [${views}] end,
       Seen = {ok, [${expected}]},
       Leaders = ${vhost && isMajority ? leadersIn(vhost) : "[]"},
       Leads = fun({_, Node, Type}) ->
         Type =/= rabbit_quorum_queue orelse lists:member(Node, Group)
       end,
       lists:all(fun(View) -> View =:= Seen end, erpc:multicall(Group, Look, 5000))
         andalso lists:all(Leads, Leaders) andalso {Leaders}`,
      deadline,
    );
    const found = told.matchAll(/<<"([^"]+)">>,\s*'?rabbit@([\w-]+)'?/g);
    return new Map([...found].map(([, queue = "", node = ""]) => [queue, node]));
  }

  /** Removes its containers with their data, and its network. */
  async close(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.remove()));
    await this.#network.remove();
  }
}

async function bootNode(
  alias: string,
  all: string[],
  { id }: PrivateNetwork,
  options: Omit<ClusterOptions, "size">,
): Promise<[string, Broker]> {
  const node = await Broker.boot({
    ...options,
    name: `${options.name}-${alias}`,
    hostname: alias,
    network: { id, alias },
    configuration: configurationOf(all),
    environment: { RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel net_ticktime ${TICK_TIME}` },
  });
  return [alias, node];
}

function configurationOf(names: string[]): string {
  const peers = names.map(
    (name, index) => `cluster_formation.classic_config.nodes.${index + 1} = rabbit@${name}`,
  );
  return [
    "cluster_formation.peer_discovery_backend = classic_config",
    ...peers,
    // What the documentation advises for three nodes. Where the metadata is in Khepri, it does nothing.
    "cluster_partition_handling = pause_minority",
  ].join("\n");
}

/** Whom a node's virtual machine is connected to, and where a node sees the broker run. */
const PEERS = "lists:sort([node() | nodes()])";
const BROKERS = "lists:sort(rabbit_nodes:all_running())";

/** Quorum queues that could not do without the node. */
const SCARCE = "rabbit_quorum_queue:list_with_minimum_quorum()";

function leadersIn(vhost: string): string {
  return `[{Name,
       case amqqueue:get_pid(Queue) of
         {Server, _} -> element(2, ra_leaderboard:lookup_leader(Server));
         Process -> node(Process)
       end,
       amqqueue:get_type(Queue)}
     || Queue <- rabbit_amqqueue:list(<<"${vhost}">>),
        {resource, _, queue, Name} <- [amqqueue:get_name(Queue)]]`;
}

/** An atom, such as 'rabbit@node-1'. */
function erlangName(name: string): string {
  return `'rabbit@${name}'`;
}
