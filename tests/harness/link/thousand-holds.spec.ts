/** A thousand holds under load: each lands on the very method that it names. */
import { randomUUID } from "node:crypto";
import type { Channel, ChannelModel } from "amqplib";
import { expect } from "vitest";
import type { EventOf } from "../../../harness/history/event.ts";
import type { Held, Match } from "../../../harness/link/hold.ts";
import type { Address } from "../../../harness/link/link.ts";
import { until, within } from "../../../harness/until.ts";
import { Random } from "../amqp/random.ts";
import { type Linked, test } from "./linked.ts";
import { Consumer, connectEager, Producer } from "./load.ts";

/** How many holds of each kind, for each of the subjects that it is tried on. */
const HOLDS = { publishByTask: 200, ackByTask: 200, publishByNumber: 100, ackByNumber: 100 };

/** Publishes of the one who is held by number. */
const NUMBERED = 2_000;

test("1,000 holds of 1,000 land on the requested one, and nothing passes it", async ({
  linked,
  broker,
}) => {
  const trial = new Trial(linked, await connectEager(broker.amqp as Address));
  const [first, second, ordered] = [await trial.queue(), await trial.queue(), await trial.queue()];
  const pairs = [await trial.load("a", first), await trial.load("b", second)] as const;
  await Promise.all([
    ...pairs.map(({ producer, consumer }) => trial.holdPublishesByTask(producer, consumer)),
    ...pairs.map(({ subject, queue }) => trial.holdAcksByTask(subject, queue)),
    trial.holdPublishesByNumber(ordered),
    trial.holdAcksByNumber(ordered),
  ]);
  await trial.stop();
  expect(trial.landed).toHaveLength(1_000);
  expect(linked.told("held").flatMap(({ tasks }) => tasks)).toEqual(trial.landed);
  trial.expectNothingPassedAHold();
  await trial.expectAccount();
}, 120_000);

/** The traffic, the holds that land in it, and what must become of every task in the end. */
class Trial {
  /** The tasks that were asked for, in the order in which their holds landed. */
  readonly landed: string[] = [];
  readonly #linked: Linked;
  readonly #random = new Random(7);
  readonly #queues: string[] = [];
  readonly #producers: Producer[] = [];
  readonly #consumers: Consumer[] = [];
  /** Tasks that were published around the link. */
  readonly #stored: string[] = [];
  readonly #droppedPublishes = new Set<string>();
  readonly #droppedAcks = new Set<string>();
  /** A client that goes around the link. */
  readonly #around: ChannelModel;
  #channel: Promise<Channel> | undefined;

  constructor(linked: Linked, around: ChannelModel) {
    this.#linked = linked;
    this.#around = around;
  }

  async queue(): Promise<string> {
    const name = `holds-${randomUUID()}`;
    const channel = await this.#direct();
    await channel.assertQueue(name, { expires: 60_000 }); // Milliseconds without a consumer.
    this.#queues.push(name);
    return name;
  }

  /** A producer and a consumer of one queue, on several channels and connections. */
  async load(letter: string, queue: string) {
    const subject = `consumer-${letter}`;
    const size = { connections: 2, channels: 2 };
    const consumer = await Consumer.start(this.#linked, subject, queue, size);
    const producer = await Producer.connect(this.#linked, `producer-${letter}`, queue, 3);
    this.#consumers.push(consumer);
    this.#producers.push(producer.run());
    return { queue, subject, consumer, producer };
  }

  /** Each is armed while the traffic flows, for a task that is still to come. */
  async holdPublishesByTask(producer: Producer, consumer: Consumer): Promise<void> {
    for (let count = 0; count < HOLDS.publishByTask; count++) {
      const channel = this.#random.below(producer.sent.length);
      const sent = producer.sent[channel] as string[];
      const nth = sent.length + 1 + this.#random.below(8);
      const task = producer.task(channel, nth);
      const match = { subject: producer.name, what: "publish", task } as const;
      await this.#hold(match, task, this.#droppedPublishes, () => {
        // The broker has neither this one, nor what its channel sent behind it.
        expect(sent.slice(nth - 1).filter((each) => consumer.has(each))).toEqual([]);
      });
      if (this.#droppedPublishes.has(task)) producer.keepSending(channel);
    }
  }

  /** Each is armed while the traffic flows, and only then is its task stored. */
  async holdAcksByTask(subject: string, queue: string): Promise<void> {
    for (let count = 1; count <= HOLDS.ackByTask; count++) {
      const task = `${subject}/${count}`;
      const landing = this.#hold({ subject, what: "ack", task }, task, this.#droppedAcks);
      (await this.#direct()).sendToQueue(queue, Buffer.from("?"), { messageId: task });
      this.#stored.push(task);
      await landing;
    }
  }

  /** All are armed before the first publish, and count together. */
  async holdPublishesByNumber(queue: string): Promise<void> {
    const subject = "numbered-producer";
    const producer = await Producer.connect(this.#linked, subject, queue, 1);
    this.#producers.push(producer);
    const landings = this.#numbers(HOLDS.publishByNumber).map((nth) => {
      const task = producer.task(0, nth);
      return this.#hold({ subject, what: "publish", nth }, task, this.#droppedPublishes);
    });
    producer.send(NUMBERED);
    await Promise.all(landings);
  }

  async holdAcksByNumber(queue: string): Promise<void> {
    const subject = "numbered-consumer";
    const size = { connections: 1, channels: 1 };
    let consumer: Consumer | undefined;
    const nthAcked = (nth: number) => consumer?.acked[nth - 1];
    const landings = this.#numbers(HOLDS.ackByNumber).map((nth) =>
      this.#hold({ subject, what: "ack", nth }, () => nthAcked(nth) as string, this.#droppedAcks),
    );
    consumer = await Consumer.start(this.#linked, subject, queue, size);
    this.#consumers.push(consumer);
    await Promise.all(landings);
  }

  /** Every second one is dropped, and goes to its list; the others are forwarded. */
  async #hold(
    match: Match,
    wanted: string | (() => string),
    dropped: Set<string>,
    check = () => {},
  ): Promise<void> {
    const { landed } = this.#linked.link.hold(match);
    const held: Held = await within(`the ${match.what} of ${match.task ?? match.nth}`, landed);
    const task = typeof wanted === "string" ? wanted : wanted();
    expect(held.tasks).toEqual([task]);
    this.landed.push(task);
    check();
    // Had anything passed, it would be with the broker, and on its way to a consumer, by now.
    await (await this.#direct()).checkQueue(this.#queues[0] as string);
    check();
    if (this.#random.below(2) === 0) {
      dropped.add(task);
      held.drop();
    } else {
      held.forward();
    }
  }

  /** Different numbers that are sure to come, lowest first. */
  #numbers(count: number): number[] {
    const numbers = new Set<number>();
    while (numbers.size < count) numbers.add(1 + this.#random.below(NUMBERED - 200));
    return [...numbers].sort((a, b) => a - b);
  }

  #direct(): Promise<Channel> {
    this.#channel ??= this.#around.createChannel();
    return this.#channel;
  }

  /** Ends the load, once every task that reached the broker has reached a consumer. */
  async stop(): Promise<void> {
    for (const producer of this.#producers) await producer.stop();
    const expected = this.#reached().length;
    const acked = () => this.#consumers.reduce((sum, each) => sum + each.acked.length, 0);
    await until("every task to be received", this.#linked.history, () => acked() >= expected, {
      lastSeen: () => `${acked()} of ${expected}`,
    });
    for (const consumer of this.#consumers) await consumer.stop();
  }

  /** Between a hold's landing and its end, its connection says nothing to the broker. */
  expectNothingPassedAHold(): void {
    const standing = new Map<number, EventOf<"held">>();
    for (const event of this.#linked.history.events) {
      if (event.type === "held") standing.set(event.connection, event);
      else if (event.type === "hold-ended") standing.delete(event.connection);
      else if (event.type === "published" || event.type === "acked") {
        expect(standing.get(event.connection), `passed by ${JSON.stringify(event)}`).toBe(
          undefined,
        );
      }
    }
    expect(standing.size).toBe(0);
  }

  /** By id: who reached the broker was received once; what was not acked is left, and only that. */
  async expectAccount(): Promise<void> {
    const received = this.#consumers.flatMap(({ acked }) => acked);
    expect(received.sort()).toEqual(this.#reached().sort());
    const left: string[] = [];
    for (const queue of this.#queues) {
      const channel = await this.#direct();
      for (let got = await channel.get(queue); got; got = await channel.get(queue)) {
        expect(got.fields.redelivered).toBe(true);
        left.push(got.properties.messageId);
      }
    }
    expect(left.sort()).toEqual([...this.#droppedAcks].sort());
    await this.#around.close();
  }

  #reached(): string[] {
    const sent = this.#producers.flatMap((producer) => producer.sent.flat());
    return [...sent, ...this.#stored].filter((task) => !this.#droppedPublishes.has(task));
  }
}
