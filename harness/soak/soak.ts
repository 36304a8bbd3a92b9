import { randomUUID } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import type { Stage } from "../faults/stage.ts";
import { History } from "../history/history.ts";
import type { Verdict } from "../ledger/verdict.ts";
import { peakMemory } from "../report/memory.ts";
import { tellWhoIsUp } from "../scenario/nodes.ts";
import { clear, closePlace, furnish, openPlace, type Place } from "../scenario/opening.ts";
import { Queues } from "../scenario/queues.ts";
import type { RunDirectory } from "../scenario/run-directory.ts";
import { Books, type SoakState } from "./books.ts";
import { Crew } from "./crew.ts";
import { EffectLogs } from "./effect-logs.ts";
import { heldMemory } from "./heap.ts";
import { requireRoomForKills, type SoakOptions, WORKERS } from "./options.ts";
import { Pace } from "./pace.ts";
import { PRODUCER } from "./progress.ts";
import type { FileSize } from "./run-file.ts";
import { type Strike, scheduleOf } from "./schedule.ts";
import type { SoakView } from "./soak-progress.ts";
import { strikeAll } from "./strikes.ts";
import { deleteQueue, drainRest, untilSettled } from "./tail.ts";

/** What a soak takes place on. */
export interface Ground {
  broker: Broker;
  /** A virtual host that is there already, on a broker that somebody else runs. */
  vhost?: string;
}

/** Whoever watches a soak. */
export interface Watcher {
  /** Is told of each kill, and of each tenth of all tasks. */
  onProgress?(state: SoakState, strike?: Strike): void;
  /** Is given a look at how far it is, for as long as it takes. */
  onBegin?(look: () => SoakView): void;
  /** Is shown the stage before anybody is on it. */
  onStage?(stage: Stage): void;
  /** Ends it before its time: what was published by then is finished, and judged. */
  signal: AbortSignal;
}

/** What came of a soak. Bytes, and milliseconds. */
export interface SoakResult {
  verdict: Verdict;
  kills: Record<Strike["fault"], number>;
  /** From the start of the producer to the last task's end. */
  took: number;
  /** What this process had at most, and what it holds on to. */
  memory: { peak: number; held: number };
  history: FileSize;
  isInterrupted: boolean;
}

const QUEUE = "soak";

/** Of all tasks, how much lies between two reports of progress. */
const STEP = 0.1;

/**
 * A producer and workers at full speed through the link, kills by a seeded schedule, and the account
 * of every task. What the witnesses saw is in the run directory, whatever happens here.
 *
 * @throws {SetupError} where the options can't be met, a program ends by itself, or the disk does
 * not take the history.
 */
export async function soak(
  options: SoakOptions,
  ground: Ground,
  directory: RunDirectory,
  watcher: Watcher,
): Promise<SoakResult> {
  requireRoomForKills(options);
  const place = await openPlace(ground, { ...ground, history: new History({ keep: false }) });
  try {
    const run = new Soak(options, place, directory, watcher);
    try {
      await furnish(place, ground);
      return await run.run();
    } catch (error) {
      place.stage.history.assertWhole(); // Where it is not, that is why.
      throw error;
    } finally {
      await run.close();
    }
  } finally {
    await closePlace(place);
    await clear(place);
  }
}

/** One soak, from its queue to its verdict. */
class Soak {
  readonly #options: SoakOptions;
  readonly #place: Place;
  readonly #watcher: Watcher;
  readonly #queue: string;
  readonly #books: Books;
  readonly #pace: Pace;
  readonly #logs: EffectLogs;
  readonly #crew: Crew;
  readonly #kills = { "worker-kill": 0, "broker-kill": 0 };

  constructor(options: SoakOptions, place: Place, directory: RunDirectory, watcher: Watcher) {
    const { stage, isGiven } = place;
    this.#options = options;
    this.#place = place;
    this.#watcher = watcher;
    // On a broker that is somebody else's, the queue gets a name that nobody else has.
    this.#queue = isGiven ? `ackproof-${QUEUE}-${randomUUID().slice(0, 8)}` : QUEUE;
    this.#books = new Books(stage.history, directory.history);
    this.#pace = new Pace(stage.link, PRODUCER, this.#books, options.messages);
    this.#logs = new EffectLogs(stage.history);
    stage.link.beforeAnswer = (subject) => this.#logs.read(subject);
    this.#crew = new Crew({ stage, directory, queue: this.#queue, logs: this.#logs });
  }

  async run(): Promise<SoakResult> {
    const { stage } = this.#place;
    tellWhoIsUp(stage.history, stage);
    this.#watcher.onStage?.(stage);
    await this.#declare();
    await this.#startWorkers();
    const began = performance.now();
    await this.#untilDone();
    const took = performance.now() - began;
    const verdict = await this.#judge();
    const history = await this.#books.compact();
    const memory = { peak: peakMemory(), held: heldMemory() };
    const isInterrupted = this.#watcher.signal.aborted;
    return { verdict, kills: this.#kills, took, memory, history, isInterrupted };
  }

  /** Ends everything of this soak. The broker stays. */
  async close(): Promise<void> {
    this.#place.stage.link.stem(PRODUCER, false); // Or its end would not be seen.
    await this.#crew.killAll();
    this.#logs.close();
    try {
      if (this.#place.isGiven) await deleteQueue(this.#place, this.#queue);
    } finally {
      await this.#books.close();
    }
  }

  /** A broker that is killed at once may forget a queue that it has just declared. */
  async #declare(): Promise<void> {
    const { stage, clients, isGiven } = this.#place;
    const queues = new Queues(stage, clients.operator, stage.vhost, this.#options.queueType);
    await queues.ensure(this.#queue);
    if (!isGiven) await queues.registered(this.#queue);
  }

  async #startWorkers(): Promise<void> {
    const names = Array.from({ length: WORKERS }, (_, index) => `worker-${index + 1}`);
    const { worker } = this.#options.programs;
    await Promise.all(names.map((name) => this.#crew.startWorker(name, worker)));
  }

  /** Until every task is published and at its end, and every kill has landed; or it is doomed. */
  async #untilDone(): Promise<void> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const stop = this.#books.onFailure(reject);
    const done = this.#work().then(() => untilSettled(this.#books, this.#place, this.#queue));
    try {
      await Promise.race([done, failed, this.#crew.failed]);
    } finally {
      stop();
    }
  }

  async #work(): Promise<void> {
    const { messages, programs } = this.#options;
    const { signal } = this.#watcher;
    const schedule = scheduleOf(this.#options);
    this.#report();
    this.#watcher.onBegin?.(() => this.#view(schedule));
    const end = () => void this.#crew.end(PRODUCER);
    signal.addEventListener("abort", end);
    try {
      await Promise.all([
        this.#crew.produce(PRODUCER, programs.producer(messages)),
        strikeAll(this.#battlefield(), schedule, signal),
      ]);
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  #battlefield() {
    return {
      stage: this.#place.stage,
      crew: this.#crew,
      programs: this.#options.programs,
      progress: this.#books.progress,
      pace: this.#pace,
      struck: (strike: Strike) => {
        this.#kills[strike.fault] += 1;
        this.#watcher.onProgress?.(this.#books.state, strike);
      },
    };
  }

  #view(schedule: readonly Strike[]): SoakView {
    const { messages } = this.#options;
    const landed = this.#kills["worker-kill"] + this.#kills["broker-kill"];
    const kills = { landed, of: schedule.length };
    return { ...this.#books.state, messages, kills, next: schedule[landed] };
  }

  #report(): void {
    const { progress } = this.#books;
    const step = this.#options.messages * STEP;
    let next = step;
    progress.subscribe(() => {
      if (progress.acked < next) return;
      while (next <= progress.acked) next += step;
      this.#watcher.onProgress?.(this.#books.state);
    });
  }

  async #judge(): Promise<Verdict> {
    await this.#crew.stopAll();
    this.#logs.readAll();
    await drainRest(this.#books, this.#place, this.#queue);
    return this.#books.judge();
  }
}
