import type { Event, EventOf } from "./event.ts";
import { type PlainType, tasksOf } from "./glance.ts";

type Answer = EventOf<"acked"> | EventOf<"rejected">;

/** Types that tell of tasks and holds, and of nothing that other tasks depend on. */
const OF_TASKS: ReadonlySet<Event["type"]> = new Set([
  "published",
  "publish-confirmed",
  "publish-refused",
  "publish-returned",
  "delivered",
  "acked",
  "rejected",
  "ack-forged",
  "held",
  "hold-ended",
  "effect-requested",
  "effect-done",
  "effect-abandoned",
  "effect-repeated",
  "effect-refused",
  "effect-logged",
  "task-poisoned",
  "drained",
] satisfies Event["type"][]);

/**
 * Finds the tasks that a history can't do without, though they were done without a hitch: what is
 * judged of something else rests on them. These are the first one of all (there was traffic); those
 * on their way to the broker, or in hand, when something happened that is about no task (somebody
 * was busy when the fault struck); the last sign of life of each subject before that; what a subject
 * was sent after it was asked to end; and the last delivery before an answer that names nothing.
 */
export class Entangled {
  readonly #tasks = new Set<string>();
  readonly #isFinished: (task: string) => boolean;
  readonly #unconfirmed = new Set<string>();
  readonly #unacked = new Set<string>();
  /** By subject, the tasks of its last event. */
  readonly #lastSigns = new Map<string, readonly (string | null)[]>();
  /** By connection and channel. */
  readonly #lastDelivered = new Map<string, string | null>();
  /** Subjects that were asked to end. */
  readonly #ending = new Set<string>();
  #isFirst = true;

  constructor(isFinished: (task: string) => boolean) {
    this.#isFinished = isFinished;
  }

  has(task: string): boolean {
    return this.#tasks.has(task);
  }

  see(event: Event): void {
    if (!OF_TASKS.has(event.type)) this.#strike(event);
    const type = plainTypeOf(event);
    if (type === null) for (const task of tasksOf(event)) this.#keep(task);
    if (event.type === "published" && type) this.#unconfirmed.add(event.task ?? "");
    if (event.type === "publish-confirmed") this.#confirmed(event.tasks);
    if (event.type === "delivered") this.#delivered(event);
    if (event.type === "acked" || event.type === "rejected") this.#answered(event);
    if ("subject" in event && event.type !== "delivered") {
      this.#lastSigns.set(event.subject, tasksOf(event));
    }
  }

  /** The end of the history is nothing that happens to a task, either. */
  end(): void {
    for (const tasks of this.#lastSigns.values()) for (const task of tasks) this.#keep(task);
  }

  #strike(event: Event): void {
    this.end();
    for (const tasks of [this.#unconfirmed, this.#unacked]) {
      for (const task of tasks) this.#keep(task);
      tasks.clear();
    }
    if (event.type === "process-signalled") this.#ending.add(event.subject);
    if (event.type === "process-exited" || event.type === "process-started") {
      this.#ending.delete(event.subject);
    }
  }

  #confirmed(tasks: readonly (string | null)[]): void {
    for (const task of tasks) {
      this.#unconfirmed.delete(task ?? "");
      if (this.#isFirst) this.#keep(task);
      if (task !== null) this.#isFirst = false;
    }
  }

  #delivered(event: EventOf<"delivered">): void {
    const { task, subject } = event;
    this.#lastDelivered.set(placeOf(event), task);
    if (task === null) return;
    if (this.#ending.has(subject)) this.#keep(task);
    if (this.#isFirst) this.#keep(task);
    this.#isFirst = false;
    this.#unacked.add(task);
  }

  /** An answer to several is as it is only with all of them. */
  #answered(event: Answer): void {
    const { tasks } = event;
    for (const task of tasks) this.#unacked.delete(task ?? "");
    if (tasks.length === 0) {
      this.#strike(event);
      this.#keep(this.#lastDelivered.get(placeOf(event)) ?? null);
    }
    if (tasks.length < 2) return;
    const isPlain = tasks.every((task) => task !== null && this.#isFinished(task));
    if (!isPlain) for (const task of tasks) this.#keep(task);
  }

  #keep(task: string | null): void {
    if (task !== null) this.#tasks.add(task);
  }
}

/** Null for an event that no plain life has. */
function plainTypeOf(event: Event): PlainType | null {
  if ("dropped" in event || "output" in event) return null;
  switch (event.type) {
    case "published":
    case "publish-confirmed":
    case "delivered":
    case "effect-requested":
    case "effect-done":
    case "acked":
      return event.type;
    default:
      return null;
  }
}

function placeOf({ connection, channel }: { connection: number; channel: number }): string {
  return `${connection}/${channel}`;
}
