import type { Event, EventOf } from "../history/event.ts";
import type { Contradictions } from "./contradictions.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Sums } from "./sums.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";

type Declared = Omit<EventOf<"queue-declared">, "type" | keyof Event>;

/** One queue, as far as the history tells of it. */
export interface Queue {
  readonly name: string;
  /** Null for a queue that tasks came from though nobody declared it. */
  declared: Declared | null;
  drained: number;
  /** Where its last drain ended in the history; null if none did. */
  drainFinished: number | null;
  purged: number;
  lastPurge: number | null;
}

/** Follows the queues: what they promise, and what the drain found in them. */
export class Queues implements Reader {
  readonly #tasks: Tasks;
  readonly #sums: Sums;
  readonly #contradictions: Contradictions;
  readonly #byName = new Map<string, Queue>();

  constructor(tasks: Tasks, sums: Sums, contradictions: Contradictions) {
    this.#tasks = tasks;
    this.#sums = sums;
    this.#contradictions = contradictions;
  }

  readonly reads: Readings = {
    "queue-declared": (event) => {
      this.named(event.queue).declared = event;
    },
    delivered: (event) => {
      this.named(event.queue);
    },
    drained: (event) => this.#drained(event),
    "drain-finished": (event) => this.#drainFinished(event),
    "queue-purged": (event) => {
      const queue = this.named(event.queue);
      queue.purged += event.count;
      queue.lastPurge = event.seq;
    },
    // The broker ended, or parts of it met again: acks from before may have come to nothing.
    "broker-down": (event) => {
      this.#tasks.acksStandSince = event.seq;
    },
    "fault-healed": (event) => {
      if (event.fault === "partition") this.#tasks.acksStandSince = event.seq;
    },
  };

  named(name: string): Queue {
    const known = this.#byName.get(name);
    if (known) return known;
    const queue: Queue = {
      name,
      declared: null,
      drained: 0,
      drainFinished: null,
      purged: 0,
      lastPurge: null,
    };
    this.#byName.set(name, queue);
    return queue;
  }

  find(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  all(): Queue[] {
    return [...this.#byName.values()];
  }

  /** A queue that nobody declared as a parking queue is a work queue. */
  isParking(name: string): boolean {
    return this.#byName.get(name)?.declared?.role === "parking";
  }

  #drained(event: EventOf<"drained">): void {
    this.named(event.queue).drained++;
    if (event.task === null) {
      this.#sums.unidentified.drained++;
      return;
    }
    const task = this.#tasks.named(event.task);
    if (this.#wasAckedForGood(task, event.queue)) {
      this.#contradictions.add("drained-yet-acked", event.queue, task.id);
    }
    task.drain(event.queue);
    this.#tasks.review(task);
  }

  /**
   * An ack is only sent; nobody on the client's side knows that the broker heard it. It stands if
   * the broker lived on and its channel did not end badly. A second publish makes another copy.
   */
  #wasAckedForGood(task: Task, queue: string): boolean {
    if (task.publishes.length > 1) return false;
    return task.settlements.some(
      (end) =>
        end.how === "acked" &&
        end.queue === queue &&
        end.seq > this.#tasks.acksStandSince &&
        !end.channel.mayHaveSwallowed,
    );
  }

  #drainFinished(event: EventOf<"drain-finished">): void {
    const queue = this.named(event.queue);
    queue.drainFinished = event.seq;
    if (event.found !== queue.drained) {
      const about = `it counted ${event.found} in ${event.queue}, and reported ${queue.drained}`;
      this.#contradictions.add("drain-miscounted", about);
    }
    queue.drained = 0;
  }
}
