import type { Event, Fact } from "../../../harness/history/event.ts";
import { PUBLISHER } from "../../../harness/ledger/subjects.ts";

/** How the tasks of a benchmark are named. */
export type Naming = (task: number) => string;

export const NAMINGS = {
  numbered: (task: number) => `task-${task}`,
  /** Forms a UUID from the number: distinct ones, with digits all over. */
  uuid: (task: number) => {
    const [a, b] = [mixed(task), mixed(task ^ 0x5bd1e995)];
    const hex = a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
    const rest = (task >>> 0).toString(16).padStart(8, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${rest.slice(0, 3)}-${rest.slice(3)}${hex.slice(0, 7)}`;
  },
} satisfies Record<string, Naming>;

function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Events of one task: published, confirmed, delivered, its effect asked for and done, acked. */
export const EVENTS_PER_TASK = 6;

const WORKERS = 4;
const PREFETCH = 10;
/** Tasks that are published before the first of them is confirmed, and wait before delivery. */
const WINDOW = 50;

/**
 * The traffic of a healthy run, in pieces: one publisher, some workers at a prefetch limit, tasks
 * on their way at every stage. What is not measured (making the events) can so be kept apart.
 */
export class Traffic {
  readonly #naming: Naming;
  #seq = 0;
  #at = 0;
  #task = 0;
  #events: Event[] = [];

  constructor(naming: Naming) {
    // As decoded from the wire: a string of its own, and in one piece.
    this.#naming = (task) => Buffer.from(naming(task)).toString();
  }

  /** What comes before the first task. */
  opening(): Event[] {
    this.#tell({ type: "broker-up", boot: "1", version: "4.3.6" });
    const queue = { durable: true, queueType: "quorum", role: "work" } as const;
    this.#tell({ type: "queue-declared", queue: "tasks", discards: [], ...queue });
    this.#tell({ type: "connection-opened", subject: PUBLISHER, connection: 1 });
    this.#tell({ type: "channel-opened", ...publisher() });
    this.#tell({ type: "confirms-selected", ...publisher() });
    for (let worker = 0; worker < WORKERS; worker++) {
      const place = consumer(worker);
      const { subject, connection } = place;
      this.#tell({ type: "process-started", subject, pid: connection, command: ["worker"] });
      this.#tell({ type: "connection-opened", subject, connection });
      this.#tell({ type: "channel-opened", ...place });
      const how = { consumer: "ctag", queue: "tasks", noAck: false, prefetch: PREFETCH };
      this.#tell({ type: "consuming", ...how, ...place });
    }
    return this.#taken();
  }

  /** The next part, of about so many tasks: each stage goes on by one task at each step. */
  next(tasks: number): Event[] {
    for (const end = this.#task + tasks; this.#task < end; this.#task++) this.#step(this.#task);
    return this.#taken();
  }

  /** What ends it: the tasks that are still on their way, and the drain. */
  closing(): Event[] {
    const published = this.#task;
    for (let step = published; step < published + 4 * WINDOW; step++) this.#step(step, published);
    this.#tell({ type: "drain-finished", queue: "tasks", found: 0, gone: false });
    return this.#taken();
  }

  #step(step: number, published = Number.POSITIVE_INFINITY): void {
    if (step < published) this.#publish(step);
    const confirmed = step - WINDOW;
    if (confirmed >= 0 && confirmed < published) this.#confirm(confirmed);
    const delivered = confirmed - WINDOW;
    if (delivered >= 0 && delivered < published) this.#deliver(delivered);
    const done = delivered - WORKERS * (PREFETCH - 1);
    if (done >= 0 && done < published) this.#finish(done);
  }

  #publish(task: number): void {
    const how = { exchange: "", routingKey: "tasks", persistent: true, mandatory: true };
    this.#tell({
      type: "published",
      task: this.#naming(task),
      tag: task + 1,
      ...how,
      ...publisher(),
    });
  }

  #confirm(task: number): void {
    const tasks = [this.#naming(task)];
    this.#tell({
      type: "publish-confirmed",
      tasks,
      tag: task + 1,
      multiple: false,
      ...publisher(),
    });
  }

  #deliver(task: number): void {
    const place = consumer(task % WORKERS);
    const how = { redelivered: false, noAck: false, queue: "tasks", consumer: "ctag" };
    this.#tell({ type: "delivered", task: this.#naming(task), tag: tagOf(task), ...how, ...place });
    const { subject } = place;
    this.#tell({ type: "effect-requested", subject, task: this.#naming(task), request: task + 1 });
  }

  #finish(number: number): void {
    const place = consumer(number % WORKERS);
    const task = this.#naming(number);
    this.#tell({ type: "effect-done", subject: place.subject, task, request: number + 1 });
    this.#tell({ type: "acked", tasks: [task], tag: tagOf(number), multiple: false, ...place });
  }

  #tell(fact: Fact): void {
    this.#at += 0.1;
    this.#events.push({ seq: ++this.#seq, at: Math.round(this.#at * 1000) / 1000, ...fact });
  }

  #taken(): Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function publisher() {
  return { subject: PUBLISHER, connection: 1, channel: 1 };
}

function consumer(worker: number) {
  return { subject: `worker-${worker + 1}`, connection: worker + 2, channel: 1 };
}

function tagOf(task: number): number {
  return Math.floor(task / WORKERS) + 1;
}
