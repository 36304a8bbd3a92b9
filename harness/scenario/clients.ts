import type { Channel, ChannelModel } from "amqplib";
import type { Stage } from "../faults/stage.ts";
import { within } from "../until.ts";
import type { Client } from "./client.ts";
import { Consumer, type ConsumerOptions } from "./consumer.ts";
import { openClient } from "./open-client.ts";

/** The clients that an experiment speaks through itself, by name; the wire sees them as subjects. */
export class Clients {
  readonly #stage: Stage;
  readonly #clients = new Map<string, Client>();
  readonly #channels = new Set<Channel>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** A connection, which stays the same until it is lost. */
  async connection(name: string): Promise<ChannelModel> {
    const known = this.#clients.get(name);
    if (known) return known.connection();
    const client = await openClient(this.#stage, name);
    this.#clients.set(name, client);
    return client.connection();
  }

  /** A channel on the connection of that name. Its errors are read from the wire. */
  async channel(name: string): Promise<Channel> {
    const channel = await (await this.connection(name)).createChannel();
    channel.on("error", () => {});
    this.#channels.add(channel);
    return channel;
  }

  async consumer(
    name: string,
    options: Partial<ConsumerOptions> & { queue: string },
  ): Promise<Consumer> {
    const channel = options.channel ?? (await this.channel(name));
    return Consumer.open(this.#stage.sink, name, { ...options, channel });
  }

  /** Ends all of them in order: what they have sent is processed before. */
  async close(): Promise<void> {
    await within(
      "the experiment's own channels to close",
      Promise.all([...this.#channels].map(closed)),
    );
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
    this.#channels.clear();
  }
}

/** amqplib's promise never settles for a channel that is lost while it closes; its event comes. */
function closed(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.once("close", () => resolve());
    channel.close().then(resolve, () => resolve()); // It may be closed already.
  });
}
