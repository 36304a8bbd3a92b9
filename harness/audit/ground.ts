import { type ChannelModel, connect } from "amqplib";
import { Admin } from "../broker/admin.ts";
import type { QueueType } from "../history/event.ts";
import { OPERATOR } from "../ledger/subjects.ts";
import type { Identity } from "../link/identity.ts";
import { urlsFor } from "../scenario/open-client.ts";
import type { Rig } from "../scenario/rig.ts";
import type { RunDirectory } from "../scenario/run-directory.ts";
import type { Bench, Court } from "./court.ts";
import type { Sight } from "./effects/effect-source.ts";
import { identify, identityOf, payloadOf } from "./identity.ts";
import type { AuditOptions } from "./options.ts";
import { checkRouting } from "./topology/check-routing.ts";
import { declareTopology, type Site, survey } from "./topology/declare-topology.ts";
import { drainElsewhere } from "./topology/drain-elsewhere.ts";
import { refuseOthers } from "./topology/refuse-others.ts";
import type { Topology } from "./topology/topology.ts";

/** Of a payload, what is left of it where it is broken. */
const BROKEN = 0.5;

/** Does the audit declare the queues, and not the user? */
export function isOwnTopology({ definitions, setup }: AuditOptions): boolean {
  return definitions === undefined && setup === undefined;
}

/**
 * Has each trial its queues to itself, on a broker that is somebody else's? Those of the user's are
 * the same ones in every trial, and so is one in which effects are looked for.
 */
export function areApart(options: AuditOptions): boolean {
  return isOwnTopology(options) && options.effects.kind !== "queue";
}

/** What one trial stands on: its queues, and its tasks with their names. */
export class Ground {
  readonly queue: string;
  /** Where a worker puts the outcome of its work, if it publishes one. */
  readonly output: string;
  readonly queueType: QueueType;
  readonly identity: Identity;
  readonly #bench: Bench;
  readonly #court: Court;
  readonly #prefix: string;
  readonly #tasks = new Set<string>();
  readonly #poisoned = new Set<string>();
  /** What was not there before, and is to be gone again in the end. */
  readonly #declared = new Set<string>();
  /** Whatever is in the queues from now on is the trial's. */
  #isOurs = false;
  #topology: Topology | undefined;

  /** @param trial a short name that no other trial of the run has. */
  constructor(trial: string, queueType: QueueType, bench: Bench, court: Court) {
    const { options, run } = court;
    this.#bench = bench;
    this.#court = court;
    this.#prefix = `${run.slice(-8)}-${trial}`;
    this.queueType = queueType;
    // On a broker that is somebody else's, the audit's own queues get names that nobody else has.
    const isApart = bench.vhost !== undefined && isOwnTopology(options);
    this.queue = isApart ? `${options.queue}-${this.#prefix}` : options.queue;
    const { effects } = options;
    this.output = effects.kind === "queue" ? effects.queue : `${this.queue}.output`;
    this.identity = identityOf(
      options.id,
      (id) => this.#tasks.has(id),
      (route) => this.#topology?.leadsBack(route) ?? false,
    );
  }

  /** What the n-th task is called: no other trial of any run has one of that name. */
  name(n: number): string {
    const task = `${this.#prefix}-${n}`;
    this.#tasks.add(task);
    return task;
  }

  poison(task: string): void {
    this.#poisoned.add(task);
  }

  contentOf(task: string): Buffer {
    const content = payloadOf(this.#court.options.payload, task);
    return this.#poisoned.has(task) ? content.subarray(0, content.length * BROKEN) : content;
  }

  /** Declares the queues, or what of them is gone. */
  async declare(rig: Rig): Promise<void> {
    const { options } = this.#court;
    const { queue, queueType, output } = this;
    const { exchange, routingKey = queue, definitions, setup } = options;
    const isOutputOurs = isOwnTopology(options) || options.effects.kind === "queue";
    this.#topology = await declareTopology(
      {
        queue,
        queueType,
        exchange,
        routingKey,
        output: isOutputOurs ? output : undefined,
        definitions,
        setup,
      },
      await this.#site(rig),
    );
    for (const name of this.#topology.declared) this.#declared.add(name);
    const queues = this.#topology.tell(rig.history);
    if (this.#bench.vhost !== undefined && !this.#isOurs) {
      const connection = await rig.place.clients.operator.connection();
      const elsewhere = this.#topology.queues("elsewhere");
      await refuseOthers(connection, [...queues, ...elsewhere, ...this.#emptied]);
      this.#isOurs = true;
    }
    await this.#checkRouting(rig, this.#topology);
    rig.adopt(queues);
  }

  /** What leads nowhere would look like a loss, or like a worker that takes nothing. */
  async #checkRouting(rig: Rig, topology: Topology): Promise<void> {
    if (isOwnTopology(this.#court.options)) return;
    const connection = await pastTheLink(rig);
    try {
      await checkRouting(connection, topology);
    } finally {
      await connection.close();
    }
  }

  /** The queue that is emptied to see the effects in it. */
  get #emptied(): string[] {
    const { effects } = this.#court.options;
    return effects.kind === "queue" ? [effects.queue] : [];
  }

  /**
   * On a broker that is somebody else's, removes what was declared, and nothing that was there
   * before: of that, only what is in the queue of effects, which was empty.
   */
  async clear(rig: Rig): Promise<void> {
    if (this.#bench.vhost === undefined) return;
    await rig.endSubjects(); // Otherwise they would go on publishing.
    const { connection } = await this.#site(rig);
    const channel = await connection.createChannel();
    for (const queue of this.#isOurs ? this.#emptied : []) await channel.purgeQueue(queue);
    for (const queue of this.#declared) await channel.deleteQueue(queue);
    await channel.close();
  }

  /** The queues in which tasks may be, also those that the worker has declared. */
  async drains(rig: Rig): Promise<string[]> {
    const topology = this.#topology;
    if (!topology) return [];
    await survey(topology, await this.#site(rig));
    return topology.tell(rig.history);
  }

  /** Records the effects that can be found only now that all is over. */
  async collect(rig: Rig, directory: RunDirectory): Promise<void> {
    const { options, effects } = this.#court;
    const sight = {
      history: rig.history,
      environment: { ...options.env, QUEUE: this.queue, OUTPUT_QUEUE: this.output },
      tasks: [...this.#tasks],
      subjects: rig.subjectNames,
      effectLog: (subject: string) => directory.effectLog(subject),
      identify: identify(options.id, (id) => this.#tasks.has(id)),
      connect: () => pastTheLink(rig),
    };
    await effects.collect(sight);
    if (this.#topology) await this.#lookElsewhere(rig, this.#topology, sight);
  }

  /** A task that the worker has put aside itself is not lost. */
  async #lookElsewhere(rig: Rig, topology: Topology, sight: Sight): Promise<void> {
    if (topology.queues("elsewhere").length === 0) return;
    const connection = await pastTheLink(rig);
    try {
      await drainElsewhere(connection, topology, sight);
    } finally {
      await connection.close();
    }
  }

  async #site(rig: Rig): Promise<Site> {
    const { stage, clients } = rig.place;
    const [url = ""] = await urlsFor(stage, OPERATOR);
    return {
      connection: await clients.operator.connection(),
      url,
      vhost: stage.vhost,
      ...(this.#bench.vhost === undefined ? { admin: new Admin(stage.broker) } : {}),
    };
  }
}

/** Connects where no witness sees it. */
async function pastTheLink(rig: Rig): Promise<ChannelModel> {
  const { broker, vhost } = rig.place.stage;
  const { amqp } = broker;
  if (!amqp) throw new Error("The broker is down, and was asked for what it holds");
  const connection = await connect(broker.urlOf(amqp, vhost));
  connection.on("error", () => {}); // Whoever waits is told.
  return connection;
}
