import type { Channel, Options } from "amqplib";
import type { Stage } from "../faults/stage.ts";
import type { Discard, QueueType } from "../history/event.ts";
import { OPERATOR } from "../ledger/subjects.ts";
import { until, untilAnswered } from "../until.ts";
import type { Client } from "./client.ts";
import { Observed, type Refusal } from "./observed.ts";

export interface QueueSettings {
  type: QueueType;
  durable: boolean;
  autoDelete?: boolean;
  exclusive?: boolean;
  arguments?: Record<string, unknown>;
  /** `parking` is where dead-lettered tasks end. Default: work. */
  role?: "work" | "parking";
  /** Which of its settings may discard a task, so that it counts as discarded and not as lost. */
  discards?: Discard[];
  /** Whose queue it is: declared on this channel instead of the operator's. */
  channel?: Channel;
}

/** The queues of one run, declared by an operator as any client would. */
export class Queues {
  readonly #stage: Stage;
  readonly #client: Client;
  readonly #vhost: string;
  readonly #type: QueueType;
  readonly #declared = new Set<string>();

  constructor(stage: Stage, client: Client, vhost: string, type: QueueType) {
    this.#stage = stage;
    this.#client = client;
    this.#vhost = vhost;
    this.#type = type;
  }

  /** The queues that the broker has accepted, in order. */
  declared(): string[] {
    return [...this.#declared];
  }

  /** Takes queues for declared that somebody else has declared. */
  adopt(queues: readonly string[]): void {
    for (const queue of queues) this.#declared.add(queue);
  }

  /** Declares a queue; returns the broker's refusal if it refuses. */
  async declare(queue: string, asked: Partial<QueueSettings> = {}): Promise<Refusal | undefined> {
    const settings = { type: this.#type, durable: true, ...asked };
    const refusal = await this.#ask(queue, settings);
    if (refusal || this.#declared.has(queue)) return refusal;
    this.#declared.add(queue);
    const { type: queueType, durable, role = "work", discards = [] } = settings;
    const about = { queue, role, durable, queueType, discards };
    this.#stage.history.record({ type: "queue-declared", ...about });
    return undefined;
  }

  /** Declares a queue with the run's own settings, unless it is there. */
  async ensure(queue: string): Promise<void> {
    if (this.#declared.has(queue)) return;
    const refusal = await this.declare(queue);
    if (refusal) throw new Error(`The broker refused the queue "${queue}": ${refusal.text}`);
  }

  /**
   * Waits until a queue's declaration is on the broker's disk, which declare-ok does not promise:
   * see tests/findings. A quorum queue is there once its name is in the node's registry. Where the
   * metadata is in Mnesia, any declaration is there once another one has followed it.
   */
  async registered(queue: string): Promise<void> {
    await this.ensure(queue);
    await this.#ask("another", { type: "classic", durable: true });
    if (this.#type !== "quorum") return;
    const what = `the registration of ${queue} to be on disk`;
    await untilAnswered(what, () => this.isRegistered(queue));
  }

  /** Is a quorum queue's name in the registry of every node on disk by now? */
  async isRegistered(queue: string): Promise<boolean> {
    const { broker, cluster } = this.#stage;
    const nodes = cluster ? [...cluster.nodes.values()] : [broker];
    const answers = nodes.map((node) => node.hasRegistered(this.#vhost, queue));
    return (await Promise.all(answers)).every(Boolean);
  }

  async #ask(queue: string, settings: QueueSettings): Promise<Refusal | undefined> {
    if (settings.channel) {
      await settings.channel.assertQueue(queue, optionsOf(settings));
      return undefined;
    }
    const { history } = this.#stage;
    const since = history.events.length;
    const channel = await (await this.#client.connection()).createChannel();
    channel.on("error", () => {}); // The refusal is read from the wire, where it has its words.
    try {
      await channel.assertQueue(queue, optionsOf(settings));
      await channel.close();
      return undefined;
    } catch (cause) {
      await this.#client.close();
      // amqplib can't tell a lost channel from a refused declaration for certain. The wire can.
      const what = `the broker's reason for refusing the queue ${queue} (${cause})`;
      const observed = new Observed(history);
      return until(what, history, () => observed.closedByBroker(OPERATOR, since)[0]);
    }
  }
}

function optionsOf(settings: QueueSettings): Options.AssertQueue {
  const { type, durable, autoDelete = false, exclusive = false } = settings;
  return {
    durable,
    autoDelete,
    exclusive,
    arguments: { "x-queue-type": type, ...settings.arguments },
  };
}
