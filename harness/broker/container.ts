import { readFile } from "node:fs/promises";
import { GenericContainer, getContainerRuntimeClient, Wait } from "testcontainers";
import { SetupError } from "../errors.ts";
import { OWNER_LABEL } from "../reaper/reaper.ts";

/** The port of AMQP and of the management API inside the container. */
export const AMQP = 5672;
export const MANAGEMENT = 15672;

const BOOT_DEADLINE = 90_000;
const LAST_LINES = 15;

export interface ContainerOptions {
  image: string;
  /** Who removes it if nobody else does: the value of the owner label. */
  owner: string;
  name: string;
}

/** The raw handle of a container by its id. */
export async function container(id: string) {
  return (await getContainerRuntimeClient()).container.getById(id);
}

/** The host on which mapped ports are found. */
export async function engineHost(): Promise<string> {
  return (await getContainerRuntimeClient()).info.containerRuntime.host;
}

/**
 * Starts a RabbitMQ container and waits until the broker says that it is up.
 *
 * @returns the container's id.
 * @throws {SetupError} with the broker's last log lines when it does not boot.
 */
export async function startContainer({ image, owner, name }: ContainerOptions): Promise<string> {
  const started = new GenericContainer(image)
    .withName(name)
    .withLabels({ [OWNER_LABEL]: owner })
    // The node's name, and with it its data directory, contain the host's name.
    .withHostname("ackproof")
    .withExposedPorts(AMQP, MANAGEMENT)
    .withCopyContentToContainer([
      { content: await brokerFile("rabbitmq.conf"), target: "/etc/rabbitmq/rabbitmq.conf" },
      { content: await brokerFile("enabled_plugins"), target: "/etc/rabbitmq/enabled_plugins" },
    ])
    .withAutoCleanup(false) // The harness's own reaper does that, without Ryuk's image.
    .withStartupTimeout(BOOT_DEADLINE)
    .withWaitStrategy(Wait.forLogMessage(/Server startup complete/));
  try {
    return (await started.start()).getId();
  } catch (cause) {
    throw await bootFailure(image, name, cause);
  }
}

function brokerFile(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/broker/${name}`, import.meta.url), "utf8");
}

async function bootFailure(image: string, name: string, cause: unknown): Promise<SetupError> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const log = await readLog(name).catch(() => undefined);
  if (log === undefined) {
    return new SetupError(
      `The image ${image} can't be started: ${reason}. \`npm run setup\` prepares one.`,
      { cause },
    );
  }
  const lines = log.trimEnd().split("\n").slice(-LAST_LINES).join("\n  ");
  return new SetupError(
    `The broker in ${image} did not boot: ${reason}. Its last log lines:\n  ${lines}`,
    { cause },
  );
}

/**
 * What a container has written to its standard output and error, oldest first.
 *
 * @param since seconds since 1970; everything when left out.
 */
export async function readLog(idOrName: string, since = 0): Promise<string> {
  const handle = await container(idOrName);
  return demultiplex(await handle.logs({ follow: false, stdout: true, stderr: true, since }));
}

/** The engine's log format: blocks of stream (1 byte), padding (3), length (4, big endian), text. */
function demultiplex(log: Buffer): string {
  const blocks: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    blocks.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(blocks).toString("utf8");
}
