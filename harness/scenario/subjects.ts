import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { IS_PACKAGE } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import type { Stage } from "../faults/stage.ts";
import type { Event } from "../history/event.ts";
import { readEffectLog } from "../sink/effect-log.ts";
import { until } from "../until.ts";
import { describe, Subject } from "../workers/subject.ts";
import { urlsFor } from "./open-client.ts";
import type { RunDirectory } from "./run-directory.ts";

/** A program to run as a subject. */
export interface Program {
  /** Any command, run as it is: then `program`, `args` and `prefetch` are none of its business. */
  command?: readonly [string, ...string[]];
  /** Environment variables besides the contract's. */
  env?: Record<string, string>;
  /** File in `fixtures/workers` or `fixtures/producers`. */
  program?: string;
  args?: (string | number)[];
  /** For workers: how many unacked tasks they may hold; 0 is no limit. */
  prefetch?: number;
  /** The heartbeat that it asks for, in seconds; 0 is none. Left out, the broker's. */
  heartbeat?: number;
  /** Where its effects land: at the sink, or as lines in its effect log. */
  effects?: "sink" | "log";
  folder?: "workers" | "producers";
  /** Which node of a cluster it is told first. */
  node?: string;
  /** Milliseconds from a worker's start to its consumer. */
  ready?: number;
  /** Whenever it ends by itself, it is started again, as under a supervisor. */
  supervised?: boolean;
}

/** A program that ends as often as this does not get any further. */
const MOST_STARTS = 20;

const FIXTURES = join(import.meta.dirname, "../../fixtures");

/** The subjects of one run, under the subject contract. */
export class Subjects {
  readonly #stage: Stage;
  readonly #directory: RunDirectory;
  readonly #queue: string;
  readonly #all = new Map<string, Subject>();
  /** How often each was started by its supervisor; one that has none is not in here. */
  readonly #supervised = new Map<string, number>();

  constructor(stage: Stage, directory: RunDirectory, queue: string) {
    this.#stage = stage;
    this.#directory = directory;
    this.#queue = queue;
  }

  /** How many have not ended, or are about to be started again. */
  get alive(): number {
    return this.#living().length + this.#toComeBack().length;
  }

  get names(): string[] {
    return [...this.#all.keys()];
  }

  running(name: string): Subject {
    const subject = this.#all.get(name);
    if (!subject) throw new Error(`There is no subject "${name}"`);
    return subject;
  }

  async start(name: string, program: Program): Promise<Subject> {
    const { history, sink } = this.#stage;
    const urls = await this.#urls(name, program);
    const subject = await Subject.start({
      name,
      command: commandOf(program),
      env: {
        ...program.env,
        AMQP_URL: urls[0] ?? "",
        AMQP_URLS: urls.join(","),
        QUEUE: this.#queue,
        EFFECT_LOG: this.#directory.effectLog(name),
        ...(program.effects === "log" ? {} : { EFFECT_URL: sink.url(name) }),
      },
      logFile: this.#directory.log(name),
      history,
    });
    this.#all.set(name, subject);
    if (program.supervised) this.#supervise(subject, program);
    return subject;
  }

  /** Starts it again when it has ended, unless that was our doing, and once the broker is up. */
  #supervise(subject: Subject, program: Program): void {
    const { name } = subject;
    const { broker, history } = this.#stage;
    if (!this.#supervised.has(name)) this.#supervised.set(name, 0);
    const again = async () => {
      const starts = this.#supervised.get(name) ?? MOST_STARTS;
      if (this.#wasEnded(subject) || starts >= MOST_STARTS) return this.#supervised.delete(name);
      await until("the broker to be up again", history, () => broker.state === "running");
      if (!this.#supervised.has(name)) return false;
      this.#supervised.set(name, starts + 1);
      return this.start(name, program);
    };
    subject.exited.then(again).catch(() => this.#supervised.delete(name)); // It stays away.
  }

  /** Was it told to end? A process that was only stopped for a while may still end by itself. */
  #wasEnded({ pid }: Subject): boolean {
    return this.#stage.history.events.some(
      (event) =>
        event.type === "process-signalled" &&
        event.pid === pid &&
        (event.signal === "SIGTERM" || event.signal === "SIGKILL"),
    );
  }

  #toComeBack(): string[] {
    return [...this.#supervised.keys()].filter((name) => {
      const subject = this.#all.get(name);
      return subject?.state === "terminated" && !this.#wasEnded(subject);
    });
  }

  /** One for each node, the one that it is told first before the others. */
  async #urls(name: string, { heartbeat, node }: Program): Promise<string[]> {
    const { nodes } = this.#stage.link;
    const query = heartbeat === undefined ? "" : `?heartbeat=${heartbeat}`;
    const first = Math.max(0, nodes.indexOf(node));
    const urls = await urlsFor(this.#stage, name);
    return [...urls.slice(first), ...urls.slice(0, first)].map((url) => url + query);
  }

  /** Starts a worker. It is ready when the broker sees its consumer, not when it says so. */
  async startWorker(name: string, program: Program): Promise<void> {
    const { history } = this.#stage;
    const since = history.events.length;
    await this.start(name, program);
    const decided = () =>
      history.events
        .slice(since)
        .filter((event) => "subject" in event && event.subject === name)
        .find((event) => event.type === "consuming" || isHopeless(event, program));
    const wait = program.ready === undefined ? {} : { deadline: program.ready };
    const end = await until(`${name} to consume`, history, decided, wait);
    if (end.type === "protocol-violation") throw new Error(`${name} speaks no AMQP: ${end.text}`);
    if (end.type !== "process-exited") return;
    const ended = describe(end);
    const log = await readFile(this.#directory.log(name), "utf8");
    throw new Error(`${name} ended before it consumed (${ended}). It said:\n${log}`);
  }

  /**
   * Asks whatever still runs to leave. What it held goes back to its queue, and no further effect
   * happens.
   */
  async stopAll(): Promise<void> {
    await this.#endAll((subject) => subject.stop());
  }

  /** Ends whatever still runs at once, when all is over. */
  async killAll(): Promise<void> {
    await this.#endAll((subject) => subject.end());
  }

  async #endAll(end: (subject: Subject) => Promise<unknown>): Promise<void> {
    this.#supervised.clear();
    const living = this.#living();
    const ends = living.map(end);
    for (const { name } of living) this.#stage.sink.abandon(name);
    await Promise.all(ends);
    await this.#disconnected();
  }

  /** Reads what the subjects have logged of their effects. They must have ended. */
  async readEffectLogs(): Promise<void> {
    for (const name of this.names) {
      await readEffectLog(this.#stage.history, name, this.#directory.effectLog(name));
    }
  }

  #living(): Subject[] {
    return [...this.#all.values()].filter(({ state }) => state !== "terminated");
  }

  /** The broker has ended every connection that its subject has left. */
  async #disconnected(): Promise<void> {
    const { history, link } = this.#stage;
    const names = [...this.#all.keys()];
    const open = () => names.filter((name) => link.connections(name) > 0);
    await until("the broker to end the subjects' connections", history, () => open().length === 0, {
      lastSeen: () => `still connected: ${open().join(", ")}`,
    });
  }
}

/** Nothing that follows makes it a consumer: nobody starts it again, or it speaks no AMQP. */
function isHopeless(event: Event, { supervised }: Program): boolean {
  if (event.type === "process-exited") return !supervised;
  return event.type === "protocol-violation" && event.by === "client";
}

function commandOf({
  command,
  program = "worker.ts",
  folder = "workers",
  prefetch,
  args = [],
}: Program): [string, ...string[]] {
  if (command) return [...command];
  if (IS_PACKAGE)
    throw new SetupError("The package brings no programs of its own: name a `command`.");
  const limit = prefetch === undefined ? [] : ["--prefetch", String(prefetch)];
  return [process.execPath, join(FIXTURES, folder, program), ...limit, ...args.map(String)];
}
