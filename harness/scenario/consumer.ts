import type { Channel, ConsumeMessage, Options } from "amqplib";
import type { Sink } from "../sink/sink.ts";
import { type Source, until } from "../until.ts";

export interface ConsumerOptions extends Options.Consume {
  queue: string;
  /** How many unacked tasks it may hold; 0 is no limit. */
  prefetch: number;
  channel: Channel;
}

/** A consumer in an experiment's own hands: each delivery is answered when the experiment says. */
export class Consumer implements Source {
  readonly channel: Channel;
  readonly tag: string;
  readonly #effectUrl: string;
  readonly #queue: string;
  readonly #taken: ConsumeMessage[] = [];
  readonly #listeners = new Set<() => void>();
  #isCancelled = false;

  private constructor(channel: Channel, effectUrl: string, queue: string, tag: string) {
    this.channel = channel;
    this.#effectUrl = effectUrl;
    this.#queue = queue;
    this.tag = tag;
  }

  /** Resolves when the broker has registered it. @throws what the broker refuses it with. */
  static async open(
    sink: Sink,
    name: string,
    {
      queue,
      prefetch,
      channel,
      ...options
    }: Partial<ConsumerOptions> & Pick<ConsumerOptions, "queue" | "channel">,
  ): Promise<Consumer> {
    if (prefetch !== undefined) await channel.prefetch(prefetch);
    sink.allow(name, Number.POSITIVE_INFINITY);
    const consumer = new Consumer(channel, sink.url(name), queue, options.consumerTag ?? name);
    const take = (message: ConsumeMessage | null) => consumer.#take(message);
    await channel.consume(queue, take, { consumerTag: consumer.tag, ...options });
    return consumer;
  }

  /** Everything that was delivered to it so far, in order. */
  get taken(): readonly ConsumeMessage[] {
    return this.#taken;
  }

  /** The broker has cancelled it. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Waits until it has been delivered so many in all; returns their ids, in order. */
  async take(count: number): Promise<string[]> {
    const what = `${this.tag} to be delivered ${count} tasks`;
    await until(what, this, () => this.#taken.length >= count, {
      lastSeen: () => `${this.#taken.length}`,
    });
    return this.#taken.map(idOf);
  }

  /** Waits until the broker has cancelled it. */
  async cancelled(): Promise<void> {
    await until(`the broker to cancel ${this.tag}`, this, () => this.#isCancelled);
  }

  /** A round trip to its queue: what the queue had sent before has been delivered after it. */
  async caughtUp(): Promise<string[]> {
    await this.channel.checkQueue(this.#queue);
    return this.#taken.map(idOf);
  }

  /** The last delivery of a task, with its fields and properties. */
  message(task: string): ConsumeMessage {
    const found = this.#taken.findLast((message) => idOf(message) === task);
    if (!found) throw new Error(`${task} was not delivered to ${this.tag}`);
    return found;
  }

  /** Does the work of these tasks, and acks each. */
  async done(...tasks: string[]): Promise<void> {
    for (const task of tasks) {
      await this.work(task);
      this.channel.ack(this.message(task));
    }
  }

  /** Does the work of a task, and does not ack it. */
  async work(task: string): Promise<void> {
    const answer = await fetch(`${this.#effectUrl}/${encodeURIComponent(task)}`, {
      method: "POST",
    });
    if (!answer.ok) throw new Error(`The effect of ${task} was refused: ${answer.status}`);
  }

  ack(task: string, { upTo = false } = {}): void {
    this.channel.ack(this.message(task), upTo);
  }

  /** Gives a task back, or up (`requeue: false`). */
  reject(task: string, { requeue }: { requeue: boolean }): void {
    this.channel.reject(this.message(task), requeue);
  }

  nack(task: string, { requeue, upTo = false }: { requeue: boolean; upTo?: boolean }): void {
    this.channel.nack(this.message(task), upTo, requeue);
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  #take(message: ConsumeMessage | null): void {
    if (message) this.#taken.push(message);
    else this.#isCancelled = true;
    for (const listener of this.#listeners) listener();
  }
}

function idOf(message: ConsumeMessage): string {
  return message.properties.messageId ?? "(no id)";
}
