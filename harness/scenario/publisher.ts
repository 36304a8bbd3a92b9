import type { ConfirmChannel, Options } from "amqplib";
import { within } from "../until.ts";
import type { Client } from "./client.ts";

export interface PublishOptions {
  /** The queue, or with an exchange the routing key. */
  queue: string;
  /** The default exchange, unless another is named. */
  exchange: string;
  persistent: boolean;
  /** Without confirms, nobody waits for the broker, and nobody knows. */
  confirmed: boolean;
  /** Bytes of content, at least. */
  size: number;
  /** The content of each task, in place of the usual one. */
  content?: (task: string) => Buffer;
  /** Properties besides, or instead of, those that every task has; or those of each task. */
  properties: Options.Publish | ((task: string) => Options.Publish);
}

/**
 * Publishes tasks on a confirm channel, as a careful producer would. What became of each is said
 * by the wire, not by this.
 */
export class Publisher {
  readonly #client: Client;
  readonly #sent: () => number;
  #channel: Promise<ConfirmChannel> | undefined;

  /** @param sent how many publishes of its own the wire has seen so far. */
  constructor(client: Client, sent: () => number) {
    this.#client = client;
    this.#sent = sent;
  }

  /** Resolves when the broker has answered for each task, or can't any more. */
  async publish(tasks: string[], options: PublishOptions): Promise<void> {
    if (options.confirmed) return this.#publishConfirmed(tasks, options);
    const channel = await (await this.#client.connection()).createChannel();
    const { exchange, queue } = options;
    for (const task of tasks) channel.publish(exchange, queue, ...message(task, options));
    await channel.close(); // Sends what is still buffered, and is answered behind it.
  }

  /**
   * A broker may end the connection before amqplib takes notice. What it had then taken and not sent
   * was never published: it is, on the next connection.
   */
  async #publishConfirmed(tasks: string[], options: PublishOptions): Promise<void> {
    let left = tasks;
    while (left.length > 0) {
      const channel = await this.#open();
      const before = this.#sent();
      await this.#publishOn(channel, left, options);
      if (this.#client.isConnected) return;
      left = left.slice(this.#sent() - before); // A channel sends in order.
    }
  }

  async #publishOn(
    channel: ConfirmChannel,
    tasks: string[],
    options: PublishOptions,
  ): Promise<void> {
    const { exchange, queue } = options;
    const answers = tasks.map((task) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      channel.publish(exchange, queue, ...message(task, options), () => resolve());
      return promise;
    });
    await within(`the broker's answers to ${tasks.length} publishes`, Promise.all(answers));
  }

  #open(): Promise<ConfirmChannel> {
    if (!this.#channel) {
      this.#channel = this.#createChannel();
      this.#channel.catch(() => this.#forget()); // The next publish tries again.
    }
    return this.#channel;
  }

  async #createChannel(): Promise<ConfirmChannel> {
    const channel = await (await this.#client.connection()).createConfirmChannel();
    channel.on("error", () => this.#forget());
    channel.on("close", () => this.#forget());
    return channel;
  }

  #forget(): void {
    this.#channel = undefined;
  }
}

function message(
  task: string,
  { persistent, size, properties, content = usual(size) }: PublishOptions,
): [Buffer, Options.Publish] {
  const contentType = "application/json";
  const own = typeof properties === "function" ? properties(task) : properties;
  return [content(task), { messageId: task, persistent, mandatory: true, contentType, ...own }];
}

const usual = (size: number) => (task: string) =>
  Buffer.from(JSON.stringify({ task }).padEnd(size));
