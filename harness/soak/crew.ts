import { readFileSync } from "node:fs";
import { SetupError } from "../errors.ts";
import type { Stage } from "../faults/stage.ts";
import { killReached } from "../faults/subject-faults.ts";
import { urlsFor } from "../scenario/open-client.ts";
import type { RunDirectory } from "../scenario/run-directory.ts";
import { until } from "../until.ts";
import { describe, Subject } from "../workers/subject.ts";
import type { EffectLogs } from "./effect-logs.ts";

/** What a program says at its end, told where it should not have ended. */
const LAST_WORDS = 600;

export interface CrewOptions {
  stage: Stage;
  directory: RunDirectory;
  queue: string;
  logs: EffectLogs;
}

/** The programs of a soak. Whoever is killed is started again at once, as under a supervisor. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #members = new Map<string, Subject>();
  /** Those whose end is our doing. */
  readonly #ended = new Set<Subject>();
  /** Rejects when somebody ends by itself who should not have. */
  readonly failed: Promise<never>;
  #fail: (error: Error) => void = () => {};

  constructor(options: CrewOptions) {
    this.#options = options;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {}); // Whoever waits for something else asks as well.
  }

  /** Starts a worker, and follows its effect log. */
  async startWorker(name: string, command: readonly [string, ...string[]]): Promise<void> {
    const { logs, directory } = this.#options;
    logs.follow(name, directory.effectLog(name));
    const worker = await this.#start(name, command);
    worker.exited.then((exit) => {
      if (!this.#ended.has(worker)) this.#fail(this.#unasked(name, describe(exit)));
    });
  }

  /** Starts the producer; resolves once it has published all of its tasks, each of them confirmed. */
  async produce(name: string, command: readonly [string, ...string[]]): Promise<void> {
    const producer = await this.#start(name, command);
    const exit = await producer.exited;
    if (exit.code !== 0 && !this.#ended.has(producer)) throw this.#unasked(name, describe(exit));
  }

  /** SIGKILL of a worker that is at work, and its start. Its witness is its exit. */
  async kill(name: string, command: readonly [string, ...string[]]): Promise<void> {
    const worker = this.#members.get(name);
    if (!worker) throw new Error(`There is no subject "${name}"`);
    this.#ended.add(worker);
    await killReached(this.#options.stage, worker, "worker-kill", { moment: "now", task: null });
    await this.startWorker(name, command);
  }

  /** Ends one at once, if it still runs. */
  async end(name: string): Promise<void> {
    const subject = this.#members.get(name);
    if (!subject || subject.state === "terminated") return;
    this.#ended.add(subject);
    await subject.end();
  }

  /** Asks whoever still runs to leave, one after the other has been asked. */
  async stopAll(): Promise<void> {
    await this.#endAll((subject) => subject.stop());
  }

  /** Ends whoever still runs, at once. */
  async killAll(): Promise<void> {
    await this.#endAll((subject) => subject.end());
  }

  async #endAll(end: (subject: Subject) => Promise<unknown>): Promise<void> {
    const { history, link } = this.#options.stage;
    const living = [...this.#members.values()].filter(({ state }) => state !== "terminated");
    for (const subject of living) this.#ended.add(subject);
    await Promise.all(living.map(end));
    const names = [...this.#members.keys()];
    const isAway = () => names.every((name) => link.connections(name) === 0);
    await until("the broker to end the programs' connections", history, isAway);
  }

  async #start(name: string, command: readonly [string, ...string[]]): Promise<Subject> {
    const { stage, directory, queue } = this.#options;
    const [url = ""] = await urlsFor(stage, name);
    const subject = await Subject.start({
      name,
      command: [...command],
      env: { AMQP_URL: url, QUEUE: queue, EFFECT_LOG: directory.effectLog(name) },
      logFile: directory.log(name),
      history: stage.history,
    });
    this.#members.set(name, subject);
    return subject;
  }

  #unasked(name: string, how: string): SetupError {
    const log = this.#options.directory.log(name);
    const words = readFileSync(log, "utf8").slice(-LAST_WORDS).trim();
    return new SetupError(`${name} ended by itself (${how}). It said last:\n${words}`);
  }
}
