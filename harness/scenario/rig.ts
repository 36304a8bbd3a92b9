import type { Channel, ChannelModel, Message } from "amqplib";
import { Admin } from "../broker/admin.ts";
import { BrokerFaults } from "../faults/broker.ts";
import { ClusterFaults } from "../faults/cluster.ts";
import type { MomentOptions } from "../faults/moments.ts";
import { Network } from "../faults/network.ts";
import type { Stage } from "../faults/stage.ts";
import { kill } from "../faults/subject-faults.ts";
import { SubjectFaults } from "../faults/subjects.ts";
import type { QueueType } from "../history/event.ts";
import { writeHistory } from "../history/file.ts";
import type { History } from "../history/history.ts";
import type { Account, Fates } from "../ledger/account.ts";
import { Ledger } from "../ledger/ledger.ts";
import { PUBLISHER } from "../ledger/subjects.ts";
import type { Verdict } from "../ledger/verdict.ts";
import { until } from "../until.ts";
import type { Subject } from "../workers/subject.ts";
import { Clients } from "./clients.ts";
import type { Consumer, ConsumerOptions } from "./consumer.ts";
import { drain } from "./drain.ts";
import { tasksInFlight } from "./in-flight.ts";
import { Inconclusive } from "./inconclusive.ts";
import { NodeSettings } from "./node-settings.ts";
import { tellWhoIsUp } from "./nodes.ts";
import { Observed, type Refusal } from "./observed.ts";
import { clear, closePlace, furnish, openPlace, type Place } from "./opening.ts";
import { Publisher, type PublishOptions } from "./publisher.ts";
import { type QueueSettings, Queues } from "./queues.ts";
import type { RigOptions } from "./rig-options.ts";
import { settle } from "./settle.ts";
import { type Program, Subjects } from "./subjects.ts";

/** The queue that every rig has, unless a spec declares its own. */
const TASKS = "tasks";

const all = (tasks: ReadonlyMap<string, string>) => tasks;

const usualName = (n: number) => `task-${n}`;

/** How tasks are published unless told otherwise. */
const CAREFUL = { exchange: "", persistent: true, confirmed: true, size: 0, properties: {} };

/**
 * One experiment on a broker: a virtual host of its own, a link, a sink, and the subjects.
 *
 * At first no effect happens: workers stay mid-task until a fault lets them go on, or `open`, or
 * the account does. So an experiment takes the same course however fast the machine is.
 */
export class Rig {
  readonly queueType: QueueType;
  readonly history: History;
  /** What the witnesses have seen so far. */
  readonly seen: Observed;
  /** What the network does to connections. Whatever it does is healed before the account. */
  readonly network: Network;
  /** What happens to the broker. Whatever lasts is healed before the account. */
  readonly broker: BrokerFaults;
  /** What happens to a worker. Whatever lasts is healed before the account. */
  readonly faults: SubjectFaults;
  /** What the broker answered, in words that are the same in every run: for the document. */
  readonly notes: string[] = [];
  /** What was measured, and so differs from run to run: for the terminal only. */
  readonly figures: string[] = [];
  readonly #options: RigOptions;
  readonly #place: Place;
  readonly #stage: Stage;
  /** The queue that workers consume from. */
  readonly #queue: string;
  readonly #admin: Admin;
  readonly #ledger = new Ledger();
  readonly #subjects: Subjects;
  readonly #file: { close(): Promise<void> };
  readonly #publisher: Publisher;
  readonly #queues: Queues;
  readonly #own: Clients;
  readonly #nodeSettings: NodeSettings;
  readonly #cluster: ClusterFaults | undefined;
  #lookAtDrained: ((message: Message) => void) | undefined;
  #published = 0;
  #verdict: Verdict | undefined;

  private constructor(options: RigOptions, place: Place) {
    const { stage, clients } = place;
    const { history, vhost } = stage;
    const { queue = TASKS, queueType, directory, cluster } = options;
    this.queueType = queueType;
    this.history = history;
    this.seen = new Observed(history);
    this.network = new Network(stage);
    this.broker = new BrokerFaults(stage);
    this.#cluster = cluster && new ClusterFaults({ ...stage, cluster });
    this.#options = options;
    this.#place = place;
    this.#stage = stage;
    this.#queue = queue;
    this.#admin = new Admin(stage.broker);
    // What stands in the link was sent, though the wire has it on record only when it goes on.
    const sent = () =>
      this.seen.isHeldPublishing(PUBLISHER)
        ? Number.POSITIVE_INFINITY
        : this.seen.publishedBy(PUBLISHER).length;
    this.#publisher = new Publisher(clients.publisher, sent);
    this.#queues = new Queues(stage, clients.operator, vhost, queueType);
    this.#own = new Clients(stage);
    this.#nodeSettings = new NodeSettings(stage.broker);
    this.#subjects = new Subjects(stage, directory, queue);
    this.faults = new SubjectFaults(stage, (name) => this.#subjects.running(name));
    this.#file = writeHistory(history, directory.history);
    history.subscribe((event) => this.#ledger.add(event));
  }

  static async open(options: RigOptions): Promise<Rig> {
    const place = await openPlace(options, options);
    const rig = new Rig(options, place);
    tellWhoIsUp(rig.history, options);
    try {
      await furnish(place, options);
    } catch (error) {
      await rig.close().catch(() => {}); // What can't be opened can't be tidied up either.
      throw error;
    }
    return rig;
  }

  /** Declares a queue; returns the broker's refusal if it refuses. */
  declare(queue: string, settings: Partial<QueueSettings> = {}): Promise<Refusal | undefined> {
    return this.#queues.declare(queue, settings);
  }

  /** Waits until a queue's declaration is on the broker's disk. */
  registered(queue = this.#queue): Promise<void> {
    return this.#queues.registered(queue);
  }

  /** Is the rig's quorum queue in the node's registry on disk by now? */
  isRegistered(): Promise<boolean> {
    return this.#queues.isRegistered(this.#queue);
  }

  /** Starts correct workers, `worker-1` to `worker-n`, and waits until the broker sees them all. */
  async workers(count: number, program: Program = {}): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `worker-${index + 1}`);
    await this.#queues.ensure(this.#queue);
    await Promise.all(names.map((name) => this.#subjects.startWorker(name, program)));
  }

  /** Starts one more worker, and waits until the broker sees its consumer. */
  async worker(name: string, program: Program = {}): Promise<void> {
    await this.#queues.ensure(this.#queue);
    await this.#subjects.startWorker(name, program);
  }

  /** Starts a producer, which publishes by itself. */
  async producer(name: string, program: Program): Promise<Subject> {
    await this.#queues.ensure(this.#queue);
    return this.#subjects.start(name, { folder: "producers", ...program });
  }

  /** Publishes the next tasks, persistent and confirmed unless told otherwise. */
  async publish(count: number, options: Partial<PublishOptions> = {}): Promise<string[]> {
    const { taskName = usualName, publishing } = this.#options;
    const tasks = Array.from({ length: count }, () => taskName(++this.#published));
    const { queue = this.#queue, ...how } = { ...CAREFUL, ...publishing, ...options };
    if (queue === this.#queue) await this.#queues.ensure(queue);
    await this.#publisher.publish(tasks, { ...how, queue });
    return tasks;
  }

  /** A connection of the experiment's own, which stays the same until it is lost. */
  async connection(name: string): Promise<ChannelModel> {
    return this.#own.connection(name);
  }

  /** A channel of the experiment's own, on the connection of that name. */
  async channel(name: string): Promise<Channel> {
    return this.#own.channel(name);
  }

  /** A consumer in the experiment's own hands. */
  async consumer(name: string, options: Partial<ConsumerOptions> = {}): Promise<Consumer> {
    const { queue = this.#queue } = options;
    if (queue === this.#queue) await this.#queues.ensure(queue);
    return this.#own.consumer(name, { ...options, queue });
  }

  /** Sets a policy on the queues whose names match a pattern. */
  policy(pattern: string, definition: Record<string, unknown>): Promise<void> {
    return this.#admin.setPolicy(this.#stage.vhost, pattern, pattern, definition);
  }

  /** Sets what is set for the whole node, for channels to come, until the account. */
  nodeSettings(settings: Record<string, number>): Promise<void> {
    return this.#nodeSettings.set(settings);
  }

  /** Is the broker (or was it, when last up) of this version (such as `4.3`), or a later one? */
  isFrom(version: string): boolean {
    const up = this.history.events.findLast((event) => event.type === "broker-up");
    return (up?.version ?? "").localeCompare(version, "en", { numeric: true }) >= 0;
  }

  /** Kills a worker by SIGKILL at a moment. */
  kill(worker: string, options: MomentOptions): Promise<void> {
    return this.faults.kill(worker, options);
  }

  /**
   * Starts a producer, lets it publish until it stands at a moment, and kills it there. Its first
   * publish may be the one to hold: the link is told before the producer starts.
   */
  async killProducer(name: string, program: Program, options: MomentOptions): Promise<void> {
    const find = () => this.#subjects.running(name);
    const killed = kill(this.#stage, name, find, "producer-kill", options);
    await Promise.all([killed, this.producer(name, program)]);
  }

  /**
   * What happens to the nodes of a cluster. Before the account, all of them are together again.
   *
   * @throws {Error} where the broker is a single node.
   */
  get cluster(): ClusterFaults {
    if (this.#cluster) return this.#cluster;
    throw new Error("This experiment runs on a single node: ask for more by the option `nodes`");
  }

  /** Where it takes place. */
  get place(): Place {
    return this.#place;
  }

  /** The names of all subjects that were started. */
  get subjectNames(): string[] {
    return this.#subjects.names;
  }

  /** The task that is published next. */
  get nextTask(): string {
    const { taskName = usualName } = this.#options;
    return taskName(this.#published + 1);
  }

  /** Takes queues for declared that somebody else has declared. */
  adopt(queues: readonly string[]): void {
    this.#queues.adopt(queues);
  }

  /** A worker or producer that was started. */
  subject(name: string): Subject {
    return this.#subjects.running(name);
  }

  /** Ends whatever still runs, at once. */
  async endSubjects(): Promise<void> {
    await this.#subjects.killAll();
  }

  /** Keeps these tasks mid-task, however long it takes, until they are released. */
  hold(...tasks: string[]): void {
    this.#stage.sink.holdTasks(tasks);
  }

  /** Makes tasks that nobody can do: the sink refuses their effects for good. */
  poison(...tasks: string[]): void {
    for (const task of tasks) this.history.record({ type: "task-poisoned", task });
    this.#stage.sink.poison(tasks);
  }

  /** Lets the next effect of each of these tasks fail, and those after it happen. */
  failOnce(...tasks: string[]): void {
    this.#stage.sink.failOnce(tasks);
  }

  release(...tasks: string[]): void {
    this.#stage.sink.release(tasks);
  }

  /** Lets every effect happen that is not held by its task. */
  open(): void {
    this.#stage.sink.open();
  }

  /** Lets everything run to its end: until every task is settled, or nothing moves any more. */
  async settle(): Promise<void> {
    this.open();
    const ledger = this.#ledger;
    const { effectsAreLive = false } = this.#options;
    const done = () => ledger.outstandingCount === 0 && !(effectsAreLive && ledger.owesEffects);
    const settled = () => done() || this.#subjects.alive === 0;
    await settle(this.history, settled, this.#options.patience);
  }

  /** Has every task reached its end, as far as the wire tells? */
  get isSettled(): boolean {
    return this.#ledger.outstandingCount === 0;
  }

  /** Waits for a condition on the run so far; at most so many milliseconds. */
  async until(what: string, condition: () => boolean, deadline?: number): Promise<void> {
    const wait = deadline === undefined ? {} : { deadline };
    await until(what, this.history, condition, wait);
  }

  /** Which of two workers is sent a task, and which is not. */
  async whoHas(task: string): Promise<{ busy: string; free: string }> {
    const { names } = this.#subjects;
    const holder = () => names.find((name) => this.seen.deliveredTo(name).includes(task));
    const busy = await until(`${task} to be delivered`, this.history, holder);
    const free = names.find((name) => name !== busy);
    if (free === undefined) throw new Error(`There is no other worker than ${busy}`);
    return { busy, free };
  }

  /**
   * What became of every task: lets everything run to its end, stops the workers, drains every
   * queue and asks the ledger.
   *
   * @throws {Inconclusive} when the witnesses contradict each other or the fault never landed.
   */
  async account(): Promise<Account> {
    return (await this.conclude()).account;
  }

  /** The ids behind the account. A fate that no task has is absent. */
  async fates(): Promise<Partial<Fates>> {
    const { fates } = await this.conclude();
    return Object.fromEntries(Object.entries(fates).filter(([, tasks]) => tasks.length > 0));
  }

  /** The whole verdict, by the ledger's own standard: nothing lost, doubled or left. */
  async conclude(): Promise<Verdict> {
    return this.#verdict ?? this.#judge();
  }

  /** Keeps what the drain is going to find, whole, in the order of each queue. */
  keepDrained(): readonly Message[] {
    const kept: Message[] = [];
    this.#lookAtDrained = (message) => kept.push(message);
    return kept;
  }

  /** The verdict, if it has been reached. */
  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** The biography of a task. */
  life(task: string) {
    return this.#ledger.life(task);
  }

  /** Ends everything of this experiment. The broker stays. */
  async close(): Promise<void> {
    this.network.heal(); // Or the broker would not hear of what ends now.
    await this.faults.heal().catch(() => {}); // What is lost with its node needs no healing.
    await this.broker.heal().catch(() => {}); // A broker that is down has no alarms.
    await this.#nodeSettings.restore().catch(() => {}); // It forgets them, too.
    await this.#cluster?.heal().catch(() => {}); // What stays broken is not used again.
    await this.#subjects.killAll();
    await this.#own.close();
    await closePlace(this.#place);
    await this.#file.close();
    await clear(this.#place);
  }

  async #judge(): Promise<Verdict> {
    const { history } = this;
    const ledger = this.#ledger;
    this.network.unblock();
    await this.faults.heal();
    await this.broker.heal();
    await this.#nodeSettings.restore();
    await this.#cluster?.heal();
    await this.settle();
    this.network.heal();
    await this.#subjects.stopAll();
    await this.#own.close();
    const { fault, collect, drains, expectation, returning = all } = this.#options;
    if (!collect) await this.#subjects.readEffectLogs();
    const awaited = returning(tasksInFlight(history.events));
    const { drain: client } = this.#place.clients;
    const queues = drains ? await drains(this) : this.#queues.declared();
    const owed = this.#cluster ? ledger.outstanding() : [];
    await drain(client, history, queues, awaited, { look: this.#lookAtDrained, owed });
    await collect?.(this);
    history.assertWhole();
    this.#verdict = ledger.verdict({ ...expectation, ...(fault === undefined ? {} : { fault }) });
    if (this.#verdict.outcome === "inconclusive") throw new Inconclusive(this.#verdict.reasons);
    return this.#verdict;
  }
}
