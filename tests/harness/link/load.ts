/** Clients at full speed: they keep the link busy while something is looked for in their traffic. */
import {
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
} from "amqplib";
import type { Address } from "../../../harness/link/link.ts";
import { Random } from "../amqp/random.ts";
import type { Linked } from "./linked.ts";

/** Publishes that may be without their confirm, on each channel. */
const WINDOW = 8;

const TAG = "load";

/** A client that sends each frame at once, instead of waiting for more to send with it. */
export async function connectEager({ host, port }: Address): Promise<ChannelModel> {
  const connection = await connect(`amqp://guest:guest@${host}:${port}`, { noDelay: true });
  connection.on("error", () => {}); // A test that fails may leave it to be cut.
  return connection;
}

/** Publishes on several channels of one connection, as fast as it is confirmed. */
export class Producer {
  readonly name: string;
  /** The tasks of each channel, in the order in which they were sent. */
  readonly sent: string[][];
  readonly #queue: string;
  readonly #connection: ChannelModel;
  readonly #channels: ConfirmChannel[] = [];
  readonly #random = new Random(1);
  #stopped = false;

  private constructor(name: string, queue: string, connection: ChannelModel, channels: number) {
    this.name = name;
    this.#queue = queue;
    this.#connection = connection;
    this.sent = Array.from({ length: channels }, () => []);
  }

  /** It sends nothing before it is asked to. */
  static async connect(linked: Linked, name: string, queue: string, channels: number) {
    const connection = await connectEager(await linked.link.open(name));
    const producer = new Producer(name, queue, connection, channels);
    for (let index = 0; index < channels; index++) {
      producer.#channels.push(await connection.createConfirmChannel());
    }
    return producer;
  }

  /** From now on, until it is stopped. */
  run(): this {
    for (const index of this.sent.keys()) {
      for (let count = 0; count < WINDOW; count++) this.keepSending(index);
    }
    return this;
  }

  /** So many, without waiting for anything. */
  send(count: number, index = 0): void {
    while ((this.sent[index] as string[]).length < count) this.#send(index, () => {});
  }

  /** Nothing more is sent. What was sent is with the broker, unless it was dropped on its way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    // Each channel's close is behind what it has sent; the connection's overtakes it.
    for (const channel of this.#channels) await channel.close();
    await this.#connection.close();
  }

  /** The name of a channel's n-th task, from 1. */
  task(index: number, nth: number): string {
    return `${this.name}/${index}/${nth}`;
  }

  /** Sends one task on a channel, and another whenever one is confirmed; one that is dropped is not. */
  keepSending(index: number): void {
    if (!this.#stopped) this.#send(index, () => this.keepSending(index));
  }

  #send(index: number, confirmed: () => void): void {
    const tasks = this.sent[index] as string[];
    const messageId = this.task(index, tasks.length + 1);
    tasks.push(messageId);
    const body = Buffer.alloc(this.#random.below(2_000), messageId);
    this.#channels[index]?.sendToQueue(this.#queue, body, { messageId }, confirmed);
  }
}

/** Acks on several channels of several connections, as fast as it is delivered to. */
export class Consumer {
  /** In the order in which they were received, and acked. */
  readonly acked: string[] = [];
  readonly #received = new Set<string>();
  readonly #connections: ChannelModel[] = [];
  readonly #channels: Channel[] = [];

  static async start(
    linked: Linked,
    name: string,
    queue: string,
    size: { connections: number; channels: number },
  ): Promise<Consumer> {
    const consumer = new Consumer();
    for (let index = 0; index < size.connections; index++) {
      const connection = await connectEager(await linked.link.open(name));
      consumer.#connections.push(connection);
      for (let count = 0; count < size.channels; count++) {
        await consumer.#consume(await connection.createChannel(), queue);
      }
    }
    return consumer;
  }

  has(task: string): boolean {
    return this.#received.has(task);
  }

  /** It takes nothing more, not even what comes back as its connections end. */
  async stop(): Promise<void> {
    for (const channel of this.#channels) await channel.cancel(TAG);
    for (const connection of this.#connections) await connection.close();
  }

  async #consume(channel: Channel, queue: string): Promise<void> {
    const consume = (message: ConsumeMessage | null) => {
      if (!message) return;
      this.acked.push(message.properties.messageId);
      this.#received.add(message.properties.messageId);
      channel.ack(message);
    };
    this.#channels.push(channel);
    await channel.consume(queue, consume, { consumerTag: TAG });
  }
}
