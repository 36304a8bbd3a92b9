import { readFile } from "node:fs/promises";
import { GenericContainer, getContainerRuntimeClient, StartupCheckStrategy } from "testcontainers";
import { OWNER_LABEL } from "../reaper/reaper.ts";
import { putData } from "./data.ts";

/** The port of AMQP and of the management API inside the container. */
export const AMQP = 5672;
export const MANAGEMENT = 15672;

export interface ContainerOptions {
  image: string;
  /** Who removes it if nobody else does: the value of the owner label. */
  owner: string;
  name: string;
  /** The node's name, and with it its data directory, contain it. Default `ackproof`. */
  hostname?: string;
  /** Lines for the end of rabbitmq.conf. */
  configuration?: string;
  environment?: Record<string, string>;
  files?: ContainerFile[];
  /** A private network, beside the one by which clients come. */
  network?: { id: string; alias: string };
  volume?: { name: string; path: string };
  /** How it is started, if not as its image says. */
  launch?: Launch;
}

export interface ContainerFile {
  content: string | Buffer;
  /** Absolute path in the container. */
  target: string;
  /** Permissions, such as 0o755. */
  mode?: number;
}

export interface Launch {
  user: string;
  /** Instead of the image's entrypoint and command. */
  command: string[];
  capabilities: string[];
  /** As the engine takes them: `seccomp=unconfined`. */
  securityOptions: string[];
  /** Devices that it may use: `b 7:* rmw`. */
  deviceCgroupRules: string[];
}

/**
 * Whether the broker comes up is seen by connecting to it, in its first life as in any other. A
 * container that fails a strategy of testcontainers' own is removed, and its log with it.
 */
class Launched extends StartupCheckStrategy {
  override async checkStartupState() {
    return "SUCCESS" as const;
  }
}

/** A container with RabbitMQ and our configuration, before it is started. */
export class BrokerContainer extends GenericContainer {
  readonly #network: ContainerOptions["network"];
  readonly #data: Buffer | undefined;

  private constructor({ image, network }: ContainerOptions, data: Buffer | undefined) {
    super(image);
    this.#network = network;
    this.#data = data;
    this.withAutoCleanup(false); // The harness's own reaper does that, without Ryuk's image.
    this.withWaitStrategy(new Launched());
  }

  /** @param data of another container's node, which it goes on with. */
  static async of(options: ContainerOptions, data?: Buffer): Promise<BrokerContainer> {
    const { owner, name, hostname = "ackproof", environment = {}, volume } = options;
    const container = new BrokerContainer(options, data);
    container
      .withName(name)
      .withLabels({ [OWNER_LABEL]: owner })
      .withHostname(hostname)
      .withEnvironment(environment)
      .withExposedPorts(AMQP, MANAGEMENT)
      .withCopyContentToContainer(await filesOf(options));
    if (volume) container.withBindMounts([{ source: volume.name, target: volume.path }]);
    if (options.launch) container.#launch(options.launch);
    return container;
  }

  #launch({ user, command, capabilities, securityOptions, deviceCgroupRules }: Launch): void {
    this.withUser(user)
      .withEntrypoint(command)
      .withAddedCapabilities(...capabilities)
      .withSecurityOpt(...securityOptions);
    this.hostConfig.DeviceCgroupRules = deviceCgroupRules;
  }

  protected override async containerCreated(id: string): Promise<void> {
    if (this.#network) await join(this.#network, id);
    if (this.#data) await putData(id, this.#data);
  }
}

/** A node looks for its peers as soon as it boots, so it is on their network before. */
async function join(network: { id: string; alias: string }, id: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  await dockerode.getNetwork(network.id).connect({
    Container: id,
    EndpointConfig: { Aliases: [network.alias] },
  });
}

async function filesOf({ configuration = "", files = [] }: ContainerOptions) {
  const shared = await brokerFile("rabbitmq.conf");
  return [
    { content: `${shared}\n${configuration}\n`, target: "/etc/rabbitmq/rabbitmq.conf" },
    { content: await brokerFile("enabled_plugins"), target: "/etc/rabbitmq/enabled_plugins" },
    ...files,
  ];
}

function brokerFile(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/broker/${name}`, import.meta.url), "utf8");
}
