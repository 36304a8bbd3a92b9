import type { ConfirmChannel } from "amqplib";
import { within } from "../until.ts";
import type { Client } from "./client.ts";

export interface PublishOptions {
  queue: string;
  persistent: boolean;
}

/**
 * Publishes tasks on a confirm channel, as a careful producer would. What became of each is said
 * by the wire, not by this.
 */
export class Publisher {
  readonly #client: Client;
  #channel: Promise<ConfirmChannel> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Resolves when the broker has answered for each task, or can't any more. */
  async publish(tasks: string[], { queue, persistent }: PublishOptions): Promise<void> {
    const channel = await this.#open();
    const answers = tasks.map((task) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const content = Buffer.from(JSON.stringify({ task }));
      const properties = {
        messageId: task,
        persistent,
        mandatory: true,
        contentType: "application/json",
      };
      channel.sendToQueue(queue, content, properties, () => resolve());
      return promise;
    });
    await within(`the broker's answers to ${tasks.length} publishes`, Promise.all(answers));
  }

  #open(): Promise<ConfirmChannel> {
    this.#channel ??= this.#createChannel();
    return this.#channel;
  }

  async #createChannel(): Promise<ConfirmChannel> {
    const channel = await (await this.#client.connection()).createConfirmChannel();
    const forget = () => {
      this.#channel = undefined;
    };
    channel.on("error", forget);
    channel.on("close", forget);
    return channel;
  }
}
