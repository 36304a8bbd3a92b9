import { afterAll, inject } from "vitest";
import { Broker } from "../broker/broker.ts";
import { chooseBroker } from "../broker/choose-broker.ts";
import { SetupError } from "../errors.ts";
import { bootLanes, type Lanes } from "../scenario/lanes.ts";

const brokers = new Map<string | undefined, WorkerBroker>();

/**
 * The broker that all rigs of one of vitest's workers share that name the same one. It boots when
 * the first test needs it, and is removed after the last; whatever happens to the worker, it goes
 * with it.
 */
export class WorkerBroker {
  readonly #named: string | undefined;
  #lanes: Lanes | undefined;
  #up: Promise<Broker> | undefined;
  #claims = 0;

  private constructor(named: string | undefined) {
    this.#named = named;
  }

  /**
   * Called where tests are declared, so that vitest says when the last of them is over.
   *
   * @param named a series or an image; what is prepared when left out.
   */
  static claim(named: string | undefined): WorkerBroker {
    if (named?.includes("://")) {
      throw new SetupError(
        "A rig breaks its broker, and so it starts one of its own: `broker` is a series such as 4.0, or an image.",
      );
    }
    const broker = brokers.get(named) ?? new WorkerBroker(named);
    brokers.set(named, broker);
    broker.#claims += 1;
    afterAll(() => broker.#release(), CLOSING);
    return broker;
  }

  /**
   * The broker, up and running whatever the last test has left of it.
   *
   * @throws {SetupError} where there is no engine or no such image, or it does not boot.
   */
  async up(): Promise<Broker> {
    const broker = await this.#up?.catch(() => undefined);
    if (broker?.state === "running") return broker;
    this.#up = this.#start();
    return this.#up;
  }

  /** The lane's, where `ackproof/vitest/global-setup` has booted them; or one of its own. */
  async #start(): Promise<Broker> {
    const lanes: string[] | undefined = this.#named === undefined ? inject("lanes") : undefined;
    const lane = lanes?.[Number(process.env.VITEST_POOL_ID) - 1];
    if (lane !== undefined) return Broker.attach(lane);
    this.#lanes ??= await this.#boot();
    const [id = ""] = this.#lanes.ids;
    return Broker.attach(id);
  }

  async #boot(): Promise<Lanes> {
    const lanes = await bootLanes(await chooseBroker(this.#named), 1);
    if (lanes.removed !== undefined) process.stderr.write(`${lanes.removed}\n`);
    return lanes;
  }

  async #release(): Promise<void> {
    this.#claims -= 1;
    if (this.#claims > 0) return;
    brokers.delete(this.#named);
    await this.#up?.catch(() => {}); // Whoever needed it knows.
    await this.#lanes?.close();
    this.#lanes = undefined;
    this.#up = undefined;
  }
}

/** Milliseconds to remove a broker on a busy machine. */
const CLOSING = 60_000;
