import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfirmChannel } from "amqplib";
import type { ExpectedSubject } from "../../../fixtures/subjects/expected.ts";
import { Admin } from "../../../harness/broker/admin.ts";
import type { Broker } from "../../../harness/broker/broker.ts";
import { connectUntilUp } from "../../../harness/broker/connect.ts";
import type { Event } from "../../../harness/history/event.ts";
import { History } from "../../../harness/history/history.ts";
import { Link } from "../../../harness/link/link.ts";
import { until } from "../../../harness/until.ts";
import { Subject } from "../../../harness/workers/subject.ts";
import { Effects } from "./effects.ts";

/** Several subjects side by side on one broker, each with its own queue, effects and address. */
export class Company {
  readonly broker: Broker;
  readonly vhost = `subjects-${randomUUID().slice(0, 8)}`;
  readonly history = new History();
  readonly effects: Effects;
  readonly link: Link;
  readonly members: readonly ExpectedSubject[];
  readonly #running = new Map<string, Subject>();
  readonly #logs: string;

  private constructor(
    broker: Broker,
    members: readonly ExpectedSubject[],
    effects: Effects,
    logs: string,
  ) {
    this.broker = broker;
    this.members = members;
    this.effects = effects;
    this.link = new Link(this.history, () => broker.amqp);
    this.#logs = logs;
  }

  static async open(broker: Broker, members: readonly ExpectedSubject[]): Promise<Company> {
    const logs = await mkdtemp(join(tmpdir(), "ackproof-subjects-"));
    const company = new Company(broker, members, await Effects.start(), logs);
    await new Admin(broker).createVhost(company.vhost);
    for (const { name } of members) await company.declare(name);
    return company;
  }

  get names(): string[] {
    return this.members.map(({ name }) => name);
  }

  /** Starts every subject, and waits until the broker sees its consumer. */
  async start(): Promise<void> {
    await Promise.all(this.members.map((member) => this.#start(member)));
    await this.every("to consume", (name) => this.seen(name, "consuming").length > 0);
  }

  /** The queue of a subject, and those of its output and of what it rejects. */
  declare(name: string): Promise<void> {
    return this.operate(async (channel) => {
      await channel.assertQueue(name, {
        deadLetterExchange: "",
        deadLetterRoutingKey: parked(name),
      });
      await channel.assertQueue(parked(name));
      await channel.assertQueue(output(name));
    });
  }

  /** Publishes the same tasks for each subject. One whose name begins with "poison" is broken. */
  publish(tasks: readonly string[]): Promise<void> {
    return this.operate(async (channel) => {
      for (const name of this.names) {
        for (const task of tasks) {
          const content = JSON.stringify({ task }).slice(task.startsWith("poison") ? 1 : 0);
          channel.sendToQueue(name, Buffer.from(content), {
            messageId: task,
            persistent: true,
            contentType: "application/json",
          });
        }
      }
      await channel.waitForConfirms();
    });
  }

  async operate<T>(use: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const { host, port } = this.broker.amqp ?? {};
    const connection = await connectUntilUp(
      () => `amqp://guest:guest@${host}:${port}/${this.vhost}`,
    );
    const answer = await use(await connection.createConfirmChannel());
    await connection.close();
    return answer;
  }

  /** The messages in a queue, taken from it. */
  empty(queue: string): Promise<string[]> {
    return this.operate(async (channel) => {
      const found: string[] = [];
      for (;;) {
        const message = await channel.get(queue, { noAck: true });
        if (!message) return found.sort();
        found.push(message.properties.messageId);
      }
    });
  }

  running(name: string): Subject {
    const subject = this.#running.get(name);
    if (!subject) throw new Error(`${name} was not started`);
    return subject;
  }

  /** What the wire has of a subject's facts of one type. */
  seen<T extends Event["type"]>(name: string, type: T, since = 0): Extract<Event, { type: T }>[] {
    return this.history.events
      .slice(since)
      .filter(
        (event): event is Extract<Event, { type: T }> =>
          event.type === type && "subject" in event && event.subject === name,
      );
  }

  /** Waits until something is true of every subject. */
  async every(what: string, isTrue: (name: string) => boolean, names = this.names): Promise<void> {
    const source = { subscribe: (changed: () => void) => this.#subscribe(changed) };
    const missing = () => names.filter((name) => !isTrue(name));
    await until(`every subject ${what}`, source, () => missing().length === 0, {
      lastSeen: () => `not so: ${missing().join(", ")}; their logs are in ${this.#logs}`,
    });
  }

  /** Waits until these tasks were acked by every subject, its last answer for each counting. */
  async acked(tasks: readonly string[], since = 0): Promise<void> {
    await this.every(`to have acked ${tasks.length} tasks`, (name) => {
      const acked = new Set(this.seen(name, "acked", since).flatMap((event) => event.tasks));
      return tasks.every((task) => acked.has(task));
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((subject) => subject.end()));
    await this.link.close();
    await this.effects.close();
    if (this.broker.state === "running") await new Admin(this.broker).deleteVhost(this.vhost);
  }

  async #start({ name, command }: ExpectedSubject): Promise<void> {
    const { host, port } = await this.link.open(name);
    const subject = await Subject.start({
      name,
      command: [...command],
      env: {
        AMQP_URL: `amqp://guest:guest@${host}:${port}/${this.vhost}?heartbeat=2`,
        QUEUE: name,
        EFFECT_URL: this.effects.url(name),
        OUTPUT_QUEUE: output(name),
      },
      logFile: join(this.#logs, `${name.replaceAll("/", "-")}.log`),
      history: this.history,
    });
    this.#running.set(name, subject);
  }

  #subscribe(changed: () => void): () => void {
    const stops = [this.history.subscribe(changed), this.effects.subscribe(changed)];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

export function parked(name: string): string {
  return `${name}.parked`;
}

export function output(name: string): string {
  return `${name}.output`;
}
