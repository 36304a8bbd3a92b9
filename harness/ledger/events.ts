import type { Event, EventOf } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";
import { plus } from "./lists.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Tasks } from "./tasks.ts";
import type { Wire } from "./wire.ts";

/**
 * Keeps the events that name a task, as long as the task is kept. It has to see each event after
 * those who may let a task go.
 */
export class Events implements Reader {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  readonly reads: Readings = {
    published: (event) => this.#of(event.task, event),
    "publish-confirmed": (event) => this.#ofAll(event),
    "publish-refused": (event) => this.#ofAll(event),
    "publish-returned": (event) => this.#of(event.task, event),
    delivered: (event) => this.#of(event.task, event),
    acked: (event) => this.#ofAll(event),
    rejected: (event) => this.#ofAll(event),
    "ack-forged": (event) => this.#of(event.task, event),
    held: (event) => this.#held(event),
    "effect-requested": (event) => this.#of(event.task, event),
    "effect-done": (event) => this.#of(event.task, event),
    "effect-abandoned": (event) => this.#of(event.task, event),
    "effect-repeated": (event) => this.#of(event.task, event),
    "effect-refused": (event) => this.#of(event.task, event),
    "effect-logged": (event) => this.#of(event.task, event),
    "task-poisoned": (event) => this.#of(event.task, event),
    drained: (event) => this.#of(event.task, event),
    "fault-injected": (event) => this.#of(event.task, event),
  };

  /** What is held may be the first that is seen of a task. */
  #held(event: EventOf<"held">): void {
    for (const id of event.tasks) {
      if (id !== null) this.#tasks.named(id);
      this.#of(id, event);
    }
  }

  #of(id: string | null, event: Event): void {
    const task = id === null ? undefined : this.#tasks.kept(id);
    if (task) task.events = plus(task.events, event);
  }

  #ofAll(event: Event & { readonly tasks: readonly (string | null)[] }): void {
    for (const id of event.tasks) this.#of(id, event);
  }
}

/**
 * Keeps the events that end a channel, for the tasks that lie there: they are why a task is
 * delivered again. It has to see each event before the wire.
 */
export class Endings implements Reader {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  readonly reads: Readings = {
    "channel-closed": (event) => {
      const { unacked, automatic } = this.#wire.channel(event);
      note([...unacked.values(), ...automatic], event);
    },
    "connection-closed": (event) => {
      for (const { unacked, automatic } of this.#wire.channelsOn(event.connection)) {
        note([...unacked.values(), ...automatic], event);
      }
    },
  };
}

/** Once for each task, however often it lies there. */
function note(deliveries: readonly Delivery[], event: Event): void {
  for (const { task } of deliveries) {
    if (task !== null && task.events.at(-1) !== event) task.events = plus(task.events, event);
  }
}
