import { getContainerRuntimeClient } from "testcontainers";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { BrokerContainer, type ContainerOptions } from "./broker-container.ts";

const LAST_LINES = 15;
const NOT_FOUND = 404;

/** The engine's own handle of a container. */
type Handle = ReturnType<Client["container"]["getById"]>;
type Client = Awaited<ReturnType<typeof getContainerRuntimeClient>>;

/**
 * Asks the engine to do something with a container.
 *
 * @throws {SetupError} when the engine does not answer; otherwise what it refuses with.
 */
export async function onContainer<T>(id: string, ask: (handle: Handle) => Promise<T>): Promise<T> {
  const { container } = await getContainerRuntimeClient();
  try {
    return await ask(container.getById(id));
  } catch (cause) {
    throw silenceOf(cause) ?? cause;
  }
}

/** An answer has a status. Without one, there was nobody to give it. */
function silenceOf(cause: unknown): SetupError | undefined {
  const { statusCode, code } = cause as { statusCode?: number; code?: string };
  if (statusCode !== undefined || code === undefined) return undefined;
  const what = `The container engine no longer answers (${code})`;
  const remedy = `Start it again; \`${commandLine("setup")}\` looks for it.`;
  return new SetupError(`${what}. ${remedy}`, { cause });
}

/** The host on which mapped ports are found. */
export async function engineHost(): Promise<string> {
  return (await getContainerRuntimeClient()).info.containerRuntime.host;
}

/**
 * Starts a RabbitMQ container. The broker in it has yet to boot.
 *
 * @param data of another container's node, which it goes on with.
 * @returns the container's id.
 * @throws {SetupError} when the image is not on this machine, when the name is taken, or, with the
 * last log lines, when the program ends at once.
 */
export async function startContainer(options: ContainerOptions, data?: Buffer): Promise<string> {
  const { image, name } = options;
  await requireImage(image);
  try {
    return (await (await BrokerContainer.of(options, data)).start()).getId();
  } catch (cause) {
    throw await launchFailure(image, name, cause);
  }
}

/** To pull one is for setup, which says that it does. */
async function requireImage(image: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  await dockerode
    .getImage(image)
    .inspect()
    .catch((cause) => {
      if (cause.statusCode !== NOT_FOUND) throw silenceOf(cause) ?? cause;
      const what = `There is no image ${image} on this machine`;
      throw new SetupError(`${what}. \`${commandLine("setup")}\` prepares one.`, { cause });
    });
}

async function launchFailure(image: string, name: string, cause: unknown): Promise<SetupError> {
  const silence = silenceOf(cause);
  if (silence) return silence;
  const reason = cause instanceof Error ? cause.message : String(cause);
  // What the engine refuses never runs; under a name that is taken, the log is somebody else's.
  const wasRefused = (cause as { statusCode?: number }).statusCode !== undefined;
  const what = wasRefused
    ? `A container of ${image} can't be started: ${reason}`
    : `The broker in ${image} did not boot: ${reason}. ${lastLines(await readLog(name))}`;
  return new SetupError(what, { cause });
}

/** The end of the log of one life, for a message. */
export function lastLines(log: string): string {
  const all = log.trimEnd().split("\n");
  // Below the words BOOT FAILED and two lines that go with them comes a page of Erlang's own.
  const failed = all.findIndex((line) => line.includes("BOOT FAILED"));
  const end = failed === -1 ? all.length : failed + 3;
  const lines = all.slice(Math.max(0, end - LAST_LINES), end);
  return `Its last log lines:\n  ${lines.join("\n  ")}`;
}

/**
 * What a container has written to its standard output and error, oldest first.
 *
 * @param since seconds since 1970, by the engine's clock; everything when left out.
 */
export async function readLog(idOrName: string, since = 0): Promise<string> {
  const options = { follow: false, stdout: true, stderr: true, since } as const;
  return demultiplex(await onContainer(idOrName, (handle) => handle.logs(options)));
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
