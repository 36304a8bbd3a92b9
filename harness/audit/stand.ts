import type { Rig } from "../scenario/rig.ts";
import { MissedDeadline, until } from "../until.ts";
import type { Ground } from "./ground.ts";
import type { AuditOptions } from "./options.ts";
import type { Profile } from "./profile.ts";

/** The one worker that most trials are about. */
export const WORKER = "worker-1";

/** Milliseconds that a worker gets to be back before the trial goes on without it. */
const RETURN = 3_000;

/** Milliseconds in which a worker is sent all that it takes at a time. */
const FILLED = 2_000;

/** Seconds between heartbeats where a trial is about them: RabbitMQ gives a peer up after two. */
const HEARTBEAT_S = 1;

/** What a trial builds on. */
interface Footing {
  options: AuditOptions;
  ground: Ground;
  /** Which of its tasks a worker has in hand when it is struck. */
  nth: number;
  /** Of the worker, once there was a control run. */
  profile: Profile | undefined;
}

/** What a trial can do to the worker, and to what is around it. */
export class Stand {
  readonly rig: Rig;
  readonly options: AuditOptions;
  /** Which of its tasks a worker has in hand when it is struck. */
  readonly nth: number;
  /** How many unacked tasks the worker takes at a time, as the control run has shown. */
  readonly #prefetch: number;
  /** Does it ack before the effect, as the control run has shown? */
  readonly acksFirst: boolean;
  readonly #ground: Ground;

  constructor(rig: Rig, { options, ground, nth, profile }: Footing) {
    this.rig = rig;
    this.options = options;
    this.nth = nth;
    this.#prefetch = profile?.prefetch || Number.POSITIVE_INFINITY;
    this.acksFirst = profile?.acks === true && profile.acksEarly;
    this.#ground = ground;
  }

  /** Starts workers, `worker-1` to `worker-n`; or one again that has ended. */
  async work(count = 1): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `worker-${index + 1}`);
    await Promise.all(names.map((name) => this.start(name)));
  }

  /** Starts a worker, and waits until the broker sees its consumer. */
  async start(name = WORKER): Promise<void> {
    const { command, env, effects, exits, ready } = this.options;
    await this.rig.worker(name, {
      command,
      env: { ...env, OUTPUT_QUEUE: this.#ground.output },
      effects: effects.kind === "sink" ? "sink" : "log",
      ready,
      supervised: exits === "allow",
    });
  }

  /** Publishes all of the trial's tasks, or this many. */
  publish(count = this.options.tasks): Promise<string[]> {
    return this.rig.publish(count);
  }

  /** Publishes a task that nobody can do; returns it. */
  async publishPoison(): Promise<string> {
    const task = this.rig.nextTask;
    this.rig.poison(task);
    this.#ground.poison(task);
    await this.publish(1);
    return task;
  }

  /** Ends the workers at once, where they would go on for ever. */
  end(): Promise<void> {
    return this.rig.endSubjects();
  }

  /** Workers, their tasks, and the first of them in hand. */
  async busy(count = 1): Promise<void> {
    await this.work(count);
    await this.publish();
    const { seen } = this.rig;
    const isBusy = () => seen.askedBy(WORKER).length + seen.deliveredTo(WORKER).length > 0;
    await this.rig.until(`${WORKER} to have a task in hand`, isBusy);
  }

  /** A worker in the midst of a task: what it has been sent and not begun, it may give back. */
  async midTask(): Promise<void> {
    await this.work();
    await this.publish();
    const { seen } = this.rig;
    await this.rig.until(`${WORKER} to be mid-task`, () => seen.askedBy(WORKER).length > 0);
  }

  /**
   * Waits until the worker has in hand all that it takes at a time, or all that there is: what it does
   * with tasks that it has not begun shows only where it has some. One that asks for each when it is
   * ready for it never has.
   */
  async handsFull(): Promise<void> {
    const { seen } = this.rig;
    const isFull = () => {
      const left = this.options.tasks - new Set(seen.ackedBy(WORKER)).size;
      return seen.unackedBy(WORKER).length >= Math.min(this.#prefetch, left);
    };
    await this.rig.until(`${WORKER} to have its hands full`, isFull, FILLED).catch(unlessMissed);
  }

  /** Lets whatever goes on come to its end before the next thing happens. */
  async quiet(): Promise<void> {
    await this.rig.settle();
  }

  /**
   * Gives a worker that has lost its consumer the time to come back before the work in its hands
   * ends: only then can it mistake the one channel for the other. One that works and connects in
   * turns comes back later, and that is fine.
   */
  async back(since: number, name = WORKER): Promise<void> {
    const { history } = this.rig;
    // One that has ended comes back only under a supervisor.
    const ends = this.options.exits === "allow" ? [] : ["process-exited"];
    const isBack = () =>
      history.events
        .slice(since)
        .some(
          (event) =>
            "subject" in event &&
            event.subject === name &&
            ["consuming", ...ends].includes(event.type),
        );
    await until(`${name} to consume again`, history, isBack, { deadline: RETURN }).catch(
      unlessMissed,
    );
  }

  /** Heartbeats that are short enough to be waited for; for connections that are made from now on. */
  heartbeats(): Promise<void> {
    return this.rig.nodeSettings({ heartbeat: HEARTBEAT_S });
  }

  /** Deletes the worker's queue, which must be empty, and declares it again as it was. */
  async replaceQueue(): Promise<void> {
    await this.rig.broker.deleteQueue(this.#ground.queue);
    await this.#ground.declare(this.rig);
  }

  /** How far the history is. */
  get now(): number {
    return this.rig.history.events.length;
  }
}

export function unlessMissed(error: unknown): void {
  if (!(error instanceof MissedDeadline)) throw error;
}
