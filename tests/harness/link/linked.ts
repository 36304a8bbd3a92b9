import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from "amqplib";
import { test as plainTest } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import type { Event, EventOf } from "../../../harness/history/event.ts";
import { History } from "../../../harness/history/history.ts";
import { type Address, Link } from "../../../harness/link/link.ts";
import { until, within } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";

/** Milliseconds. A step of these specs takes a fraction of a second. */
const DEADLINE = 10_000;

/** A test with a broker, and a link to it that nobody else uses. */
export const test = plainTest
  .extend("broker", () => laneBroker())
  .extend("linked", async ({ broker }, { onCleanup }) => {
    const linked = new Linked(broker);
    onCleanup(() => linked.close());
    await linked.goAround();
    await (await linked.direct.createChannel()).assertQueue(linked.queue);
    return linked;
  });

/** A link to a real broker, a queue of its own there, and the way around the link. */
export class Linked {
  readonly history = new History();
  readonly link: Link;
  readonly queue = `link-${randomUUID()}`;
  readonly #broker: Broker;
  readonly #opened: ChannelModel[] = [];
  #direct: ChannelModel | undefined;

  constructor(broker: Broker) {
    this.#broker = broker;
    this.link = new Link(this.history, () => broker.amqp);
  }

  /** A client that goes around the link. */
  get direct(): ChannelModel {
    if (!this.#direct) throw new Error("Nobody has gone around the link yet: call goAround first");
    return this.#direct;
  }

  /** Connects the client that goes around the link, and again once the broker has been away. */
  async goAround(): Promise<void> {
    this.#direct = await this.open(this.#broker.amqp as Address);
  }

  /** Ends the link, then the queue, then every client. */
  async close(): Promise<void> {
    await this.link.close();
    await this.goAround(); // The test may have left it cut.
    await (await this.direct.createChannel()).deleteQueue(this.queue);
    for (const client of this.#opened) await client.close().catch(() => {}); // It may have been cut.
  }

  async open({ host, port }: Address): Promise<ChannelModel> {
    const connection = await connect(`amqp://guest:guest@${host}:${port}`);
    connection.on("error", () => {});
    this.#opened.push(connection);
    return connection;
  }

  async openThroughLink(name = "client"): Promise<ChannelModel> {
    return this.open(await this.link.open(name));
  }

  told<T extends Event["type"]>(type: T): EventOf<T>[] {
    return this.history.events.filter((event): event is EventOf<T> => event.type === type);
  }

  eventually<T extends Event["type"]>(type: T): Promise<EventOf<T>> {
    const found = () => this.told(type)[0];
    return until(type, this.history, found, { deadline: DEADLINE });
  }

  /** How many messages are ready in the queue, asked around the link. */
  async depth(): Promise<number> {
    const channel = await this.direct.createChannel();
    const { messageCount } = await channel.checkQueue(this.queue);
    await channel.close();
    return messageCount;
  }

  /** Publishes tasks around the link, and waits until the broker has them. */
  async store(...tasks: string[]): Promise<void> {
    const channel = await this.direct.createConfirmChannel();
    for (const task of tasks) {
      channel.sendToQueue(this.queue, Buffer.from(task), { messageId: task });
    }
    await channel.waitForConfirms();
    await channel.close();
  }

  /** The next message for a new consumer around the link, which takes it for good. */
  async next(): Promise<{ task: string; redelivered: boolean }> {
    const channel = await this.direct.createChannel();
    const { promise, resolve } = Promise.withResolvers<ConsumeMessage>();
    await channel.prefetch(1);
    await channel.consume(this.queue, (message) => message && resolve(message));
    const message = await within("a message for the next consumer", promise, DEADLINE);
    channel.ack(message);
    await channel.close();
    return { task: message.properties.messageId, redelivered: message.fields.redelivered };
  }

  /** Consumes through the link; each message is answered as it comes. */
  async consume(answer: (channel: Channel, message: ConsumeMessage) => void) {
    const connection = await this.openThroughLink();
    const channel = await connection.createChannel();
    channel.on("error", () => {});
    await channel.prefetch(10);
    await channel.consume(this.queue, (message) => message && answer(channel, message));
    return { connection, channel };
  }
}

/** The answer of a consumer that is content with every message. */
export const ack = (channel: Channel, message: ConsumeMessage) => channel.ack(message);

/** Has a client send what it says meanwhile in one write: the link has all of it at once. */
export function inOneWrite(client: ChannelModel, say: () => void): void {
  const stream = socketOf(client);
  stream.cork();
  say();
  stream.uncork();
}

/** The socket of a client's connection, which amqplib's types leave out. */
export function socketOf({ connection }: ChannelModel): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}
