import { SetupError } from "../errors.ts";
import { AMQP, type ContainerOptions, MANAGEMENT } from "./broker-container.ts";
import { type Address, connectUntilUp } from "./connect.ts";
import {
  engineHost,
  lastLines,
  onContainer,
  readArchived,
  readLog,
  startContainer,
} from "./container.ts";

export type BrokerState = "running" | "paused" | "down";

/** How a life of the broker ended. */
export interface Death {
  boot: string;
  exitCode: number;
  /** True when the broker shut its stores down in order before it exited. */
  clean: boolean;
}

/** One life of the broker. `boot` is the engine's start time: a restart can't keep it. */
interface Life {
  boot: string;
  version: string;
  amqp: Address;
  management: Address;
}

/** Where Ra keeps which of its servers, one for each quorum queue, belongs to which directory. */
const REGISTRY = "/var/lib/rabbitmq/mnesia/rabbit@ackproof/quorum/rabbit@ackproof/names.dets";

/** Time for an orderly shutdown before the engine would lose patience and kill. */
const GRACE_S = 60;
const KILLED = 128 + 9;
const CLEAN_STOP = /Message store for directory '[^']+' is stopped/;

let booting = 0;

/** Milliseconds that this process has waited for brokers to come up again. */
export function timeBooting(): number {
  return booting;
}

/** A RabbitMQ node in a container, through all of its lives. Its data outlives each of them. */
export class Broker {
  readonly id: string;
  readonly image: string;
  #state: BrokerState = "down";
  #life: Life | undefined;

  private constructor(id: string, image: string) {
    this.id = id;
    this.image = image;
  }

  /**
   * Starts a new broker in a container of its own.
   *
   * @throws {SetupError} when there is no engine or no image, or when the broker does not boot.
   */
  static async boot(options: ContainerOptions): Promise<Broker> {
    const broker = new Broker(await startContainer(options), options.image);
    await broker.#awaitUp();
    return broker;
  }

  /** Takes over a broker by its container's id, and gets it running whatever its state. */
  static async attach(id: string): Promise<Broker> {
    const { Config, State } = await onContainer(id, (handle) => handle.inspect());
    if (State.Paused) await onContainer(id, (handle) => handle.unpause());
    if (!State.Running) await onContainer(id, (handle) => handle.start());
    const broker = new Broker(id, Config.Image);
    await broker.#awaitUp();
    return broker;
  }

  get state(): BrokerState {
    return this.#state;
  }

  /** Names this life of the broker. */
  get boot(): string {
    return this.#alive().boot;
  }

  get version(): string {
    return this.#alive().version;
  }

  /** Where AMQP is spoken now; undefined while the broker is down. Changes with each start. */
  get amqp(): Address | undefined {
    return this.#life?.amqp;
  }

  get management(): Address {
    return this.#alive().management;
  }

  /** SIGTERM, and time to shut down in order. Asserts that it did. */
  async stop(): Promise<Death> {
    this.#assert("running");
    const { boot } = this;
    await onContainer(this.id, (handle) => handle.stop({ t: GRACE_S }));
    const death = await this.#died(CLEAN_STOP.test(await this.#logSince(boot)));
    if (death.exitCode !== 0 || !death.clean) {
      throw new Error(`The broker did not stop cleanly: it exited with ${death.exitCode}`);
    }
    return death;
  }

  /** SIGKILL of everything in the container. Asserts that it died of it. */
  async kill(): Promise<Death> {
    this.#assert("running");
    await onContainer(this.id, async (handle) => {
      await Promise.all([handle.wait(), handle.kill({ signal: "SIGKILL" })]);
    });
    const death = await this.#died(false);
    if (death.exitCode !== KILLED) {
      throw new Error(`The broker did not die of SIGKILL: it exited with ${death.exitCode}`);
    }
    return death;
  }

  /** Starts it again on the same data, and waits until it is up. */
  async start(): Promise<void> {
    this.#assert("down");
    const began = performance.now();
    await onContainer(this.id, (handle) => handle.start());
    await this.#awaitUp();
    booting += performance.now() - began;
  }

  /** Freezes every process of the broker. Its sockets stay open. */
  async pause(): Promise<void> {
    this.#assert("running");
    await onContainer(this.id, (handle) => handle.pause());
    this.#state = "paused";
  }

  async resume(): Promise<void> {
    this.#assert("paused");
    await onContainer(this.id, (handle) => handle.unpause());
    this.#state = "running";
  }

  /** Removes the container with its data. */
  async remove(): Promise<void> {
    this.#state = "down";
    this.#life = undefined;
    await onContainer(this.id, (handle) => handle.remove({ force: true, v: true }));
  }

  /**
   * Is a quorum queue's name in the node's registry on disk? The registry is flushed some time after
   * the declaration; a SIGKILL before that loses what the queue holds, see
   * tests/findings/quorum-registration.spec.ts.
   */
  async hasRegistered(vhost: string, queue: string): Promise<boolean> {
    const registry = await readArchived(this.id, REGISTRY);
    return registry.includes(`${encodeURIComponent(vhost)}_${queue}`);
  }

  /** What the broker has logged, over all of its lives, oldest line first. */
  log(): Promise<string> {
    return readLog(this.id);
  }

  /** @throws {SetupError} with the broker's last log lines when it does not come up. */
  async #awaitUp(): Promise<void> {
    const failure = await this.#bootFailure();
    if (failure) throw failure;
    const { State, NetworkSettings } = await this.#inspect();
    const host = await engineHost();
    const mapped = (port: number): Address => {
      const binding = NetworkSettings.Ports[`${port}/tcp`]?.[0];
      if (!binding) throw new SetupError(`The broker's container has no mapped port ${port}`);
      return { host, port: Number(binding.HostPort) };
    };
    const amqp = mapped(AMQP);
    const connection = await connectUntilUp(
      () => `amqp://guest:guest@${amqp.host}:${amqp.port}`,
      () => this.#bootFailure(),
    ).catch(async (cause: Error) => {
      if (cause instanceof SetupError) throw cause;
      const log = lastLines(await this.#logSince(State.StartedAt));
      throw new SetupError(`The broker does not come up: ${cause.message}. ${log}`, { cause });
    });
    const { version } = connection.connection.serverProperties;
    await connection.close();
    this.#life = { boot: State.StartedAt, version, amqp, management: mapped(MANAGEMENT) };
    this.#state = "running";
  }

  async #bootFailure(): Promise<Error | undefined> {
    const { State } = await this.#inspect();
    if (State.Running) return undefined;
    const log = lastLines(await this.#logSince(State.StartedAt));
    return new SetupError(`The broker exited with ${State.ExitCode} while it booted. ${log}`);
  }

  /** The log of one life, by the engine's clock: it need not agree with ours. */
  #logSince(boot: string): Promise<string> {
    return readLog(this.id, Date.parse(boot) / 1000);
  }

  #inspect() {
    return onContainer(this.id, (handle) => handle.inspect());
  }

  async #died(clean: boolean): Promise<Death> {
    const { boot } = this.#alive();
    const { State } = await this.#inspect();
    this.#state = "down";
    this.#life = undefined;
    return { boot, exitCode: State.ExitCode, clean };
  }

  #alive(): Life {
    if (!this.#life) throw new Error("The broker is down, and was asked about its present life");
    return this.#life;
  }

  #assert(expected: BrokerState): void {
    if (this.#state !== expected) {
      throw new Error(`The broker is ${this.#state}; this needs one that is ${expected}`);
    }
  }
}
