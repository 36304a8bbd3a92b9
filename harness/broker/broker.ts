import { readArchived } from "./archive.ts";
import type { ContainerOptions } from "./broker-container.ts";
import type { Address } from "./connect.ts";
import { onContainer, readLog, startContainer } from "./container.ts";
import { readData } from "./data.ts";
import { DATA, Disk } from "./disk.ts";
import { freezeContainer } from "./freeze-container.ts";
import { type Given, lifeOfGiven } from "./given.ts";
import { awaitLife, type Life, logSince } from "./life.ts";

export type BrokerState = "running" | "paused" | "down";

/** How a life of the broker ended. */
export interface Death {
  boot: string;
  exitCode: number;
  /** True when the broker shut its stores down in order before it exited. */
  clean: boolean;
}

/** What can be set for one container of a broker. */
export type ContainerSettings = Pick<ContainerOptions, "configuration" | "environment">;

/** Where Ra keeps which of its servers, one for each quorum queue, belongs to which directory. */
function registryOf(hostname = "ackproof"): string {
  return `rabbit@${hostname}/quorum/rabbit@${hostname}/names.dets`;
}

/** Time for an orderly shutdown before the engine would lose patience and kill. */
const GRACE_S = 60;
const KILLED = 128 + 9;
const CLEAN_STOP = /Message store for directory '[^']+' is stopped/;

let booting = 0;

/** Milliseconds that this process has waited for brokers to come up. */
export function timeBooting(): number {
  return booting;
}

/**
 * A RabbitMQ node through all of its lives. Its data outlives each of them, and moves with it from
 * container to container.
 */
export class Broker {
  #id: string;
  #image: string;
  /** How its containers are made; undefined for one that was taken over. */
  readonly #options: ContainerOptions | undefined;
  #containers = 1;
  /** What it has logged in the containers that it has left. */
  #past = "";
  #disk: Disk | undefined;
  #state: BrokerState = "down";
  #life: Life | undefined;
  /** Where somebody else runs it, and we only connect. */
  #given: Given | undefined;

  private constructor(id: string, image: string, options?: ContainerOptions) {
    this.#id = id;
    this.#image = image;
    this.#options = options;
  }

  /**
   * Starts a new broker in a container of its own.
   *
   * @throws {SetupError} when there is no engine or no image, or when the broker does not boot.
   */
  static async boot(options: ContainerOptions): Promise<Broker> {
    const began = performance.now();
    const broker = new Broker(await startContainer(options), options.image, options);
    broker.#disk = Disk.of(broker.id, options.launch?.command);
    await broker.#awaitUp();
    await broker.disk?.sync();
    booting += performance.now() - began;
    return broker;
  }

  /** Takes over a broker by its container's id, and gets it running whatever its state. */
  static async attach(id: string): Promise<Broker> {
    const { Config, State } = await onContainer(id, (handle) => handle.inspect());
    if (State.Paused) await onContainer(id, (handle) => handle.unpause());
    if (!State.Running) await onContainer(id, (handle) => handle.start());
    const broker = new Broker(id, Config.Image);
    broker.#disk = Disk.of(id, [Config.Entrypoint ?? []].flat());
    await broker.#awaitUp();
    return broker;
  }

  /**
   * A broker that somebody else runs. Clients can connect to it, and nothing else can be done to it.
   *
   * @throws {SetupError} when it can't be connected to.
   */
  static async given(given: Given): Promise<Broker> {
    const broker = new Broker("", "");
    broker.#given = given;
    broker.#life = await lifeOfGiven(given);
    broker.#state = "running";
    return broker;
  }

  /** Is it somebody else's, to which nothing can be done but to connect? */
  get isGiven(): boolean {
    return this.#given !== undefined;
  }

  /** The URL by which a client speaks to it, through whatever address leads there. */
  urlOf({ host, port }: Address, vhost: string): string {
    const { username, password } = this.#given ?? { username: "guest", password: "guest" };
    const user = [username, password].map(encodeURIComponent).join(":");
    return `amqp://${user}@${host}:${port}/${encodeURIComponent(vhost)}`;
  }

  /** Of its present container. */
  get id(): string {
    return this.#id;
  }

  /** What its present container was made of. */
  get image(): string {
    return this.#image;
  }

  /** Of that image; undefined while the broker is down, and of one that somebody else runs. */
  get digest(): string | undefined {
    return this.#life?.digest;
  }

  /** A disk of its own, whose power can be cut, if it was launched with one. */
  get disk(): Disk | undefined {
    return this.#disk;
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
    const death = await this.#died(CLEAN_STOP.test(await logSince(this.id, boot)));
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

  /**
   * Starts it again on the same data, and waits until it is up.
   *
   * @param image what it is from now on, in a container of its own; its present one if left out.
   * @param settings of that container, and of none after it.
   * @throws {BootFailure} when its program ends instead. It is down then, with the data as that has
   * left it, and can be started again.
   */
  async start(image?: string, settings: ContainerSettings = {}): Promise<void> {
    this.#assert("down");
    const began = performance.now();
    if (image === undefined) await onContainer(this.id, (handle) => handle.start());
    else await this.#moveTo({ image, ...settings });
    await this.#awaitUp();
    booting += performance.now() - began;
  }

  /** Freezes every process of the broker. Its sockets stay open. */
  async pause(): Promise<void> {
    this.#assert("running");
    await onContainer(this.id, freezeContainer);
    this.#state = "paused";
  }

  /** Does the engine have it frozen? */
  async isFrozen(): Promise<boolean> {
    return (await this.#inspect()).State.Paused;
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
    if (this.isGiven) return true; // Nobody can tell, and nobody here kills it.
    const path = registryOf(this.#options?.hostname);
    // The engine does not see what is mounted within a container.
    const registry = this.disk
      ? await this.disk.read(path)
      : await readArchived(this.id, `${DATA}/${path}`);
    return registry.includes(`${encodeURIComponent(vhost)}_${queue}`);
  }

  /** What the broker has logged, over all of its lives, oldest line first. */
  async log(): Promise<string> {
    if (this.isGiven) return "";
    return this.#past + (await readLog(this.id));
  }

  /** Goes on in a new container, with its data. */
  async #moveTo(another: Pick<ContainerOptions, "image"> & ContainerSettings): Promise<void> {
    if (!this.#options) {
      const remedy = "boot one whose image may change";
      throw new Error(`This broker was taken over, and others know it by its container: ${remedy}`);
    }
    const left = this.id;
    const name = `${this.#options.name}-${this.#containers + 1}`;
    const options = { ...this.#options, ...another, name };
    this.#id = await startContainer(options, await readData(left));
    this.#image = options.image;
    this.#containers += 1;
    this.#past += await readLog(left);
    await onContainer(left, (handle) => handle.remove({ force: true, v: true }));
  }

  async #awaitUp(): Promise<void> {
    this.#life = await awaitLife(this.id);
    this.#state = "running";
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
    if (this.isGiven) throw new Error("This broker is somebody else's: it is not ours to stop");
    if (this.#state !== expected) {
      throw new Error(`The broker is ${this.#state}; this needs one that is ${expected}`);
    }
  }
}
