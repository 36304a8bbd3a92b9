import { SetupError } from "../errors.ts";
import { BootFailure } from "./boot-failure.ts";
import { AMQP, MANAGEMENT } from "./broker-container.ts";
import { type Address, connectUntilUp } from "./connect.ts";
import { engineHost, lastLines, onContainer, readLog } from "./container.ts";

/** One life of a broker. `boot` is the engine's start time: a restart can't keep it. */
export interface Life {
  boot: string;
  version: string;
  /** Of the image that its container was made from: `sha256:…`. A name may move on. */
  digest?: string;
  amqp: Address;
  management: Address;
}

/**
 * Waits until the broker in a container that was started is up.
 *
 * @throws {BootFailure} when its program ends instead.
 * @throws {SetupError} with its last log lines when it does not come up.
 */
export async function awaitLife(container: string): Promise<Life> {
  const { State, NetworkSettings, Image: digest } = await inspect(container);
  if (!State.Running) throw await failureOf(container, State);
  const host = await engineHost();
  const mapped = (port: number): Address => {
    const binding = NetworkSettings.Ports[`${port}/tcp`]?.[0];
    if (!binding) throw new SetupError(`The broker's container has no mapped port ${port}`);
    return { host, port: Number(binding.HostPort) };
  };
  const amqp = mapped(AMQP);
  const version = await versionAt(amqp, container, State.StartedAt);
  return { boot: State.StartedAt, version, digest, amqp, management: mapped(MANAGEMENT) };
}

/** The log of one life, by the engine's clock: it need not agree with ours. */
export function logSince(container: string, boot: string): Promise<string> {
  return readLog(container, Date.parse(boot) / 1000);
}

/** As the broker tells it to whoever connects, which is possible once it is up. */
async function versionAt({ host, port }: Address, container: string, boot: string) {
  const connection = await connectUntilUp(
    () => `amqp://guest:guest@${host}:${port}`,
    () => bootFailure(container),
  ).catch(async (cause: Error) => {
    if (cause instanceof SetupError) throw cause;
    const log = await logSince(container, boot);
    throw new SetupError(unreached(`${host}:${port}`, cause.message, log), { cause });
  });
  const { version } = connection.connection.serverProperties;
  await connection.close();
  return version;
}

/** What the broker itself says when it takes connections. */
const LISTENS = /started TCP listener on \S+:5672/;

/** An engine on another machine may run a broker to whose ports nobody gets through. */
function unreached(address: string, reason: string, log: string): string {
  if (LISTENS.test(log)) {
    return (
      `The broker is up, but can't be reached from here at ${address}: ${reason}. ` +
      "Its engine publishes it on ports of its own choice, which must be open to this machine."
    );
  }
  return `The broker does not come up: ${reason}. ${lastLines(log)}`;
}

async function bootFailure(container: string): Promise<BootFailure | undefined> {
  const { State } = await inspect(container);
  return State.Running ? undefined : failureOf(container, State);
}

/** A program that has ended, as the engine tells of it. */
interface Ended {
  StartedAt: string;
  ExitCode: number;
}

async function failureOf(container: string, { StartedAt, ExitCode }: Ended): Promise<BootFailure> {
  return new BootFailure(StartedAt, ExitCode, await logSince(container, StartedAt));
}

function inspect(container: string) {
  return onContainer(container, (handle) => handle.inspect());
}
