import type { Event, EventOf } from "../history/event.ts";
import type { Copy } from "./copy.ts";
import type { Delivery } from "./delivery.ts";
import { minus, plus } from "./lists.ts";
import type { Reader, Readings } from "./reading.ts";
import { DRAIN } from "./subjects.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";
import type { Wire } from "./wire.ts";

/** Hears of each copy of a task that is ready in a queue. */
export interface CopyListener {
  /** It is ready, which counts if it is taken one day. */
  ready(copy: Copy, event: Event): void;
  /** It was taken: by a delivery that somebody saw, or by the drain. */
  taken(copy: Copy, queue: string, event: Event): void;
  /** It has left, and nobody knows from which queue: it counts as never ready. */
  forgotten(copy: Copy): void;
}

/**
 * When each task was ready to be delivered, known in hindsight: from its confirm (from its publish,
 * where there are no confirms) or its return to the queue, to its next delivery or its drain. What
 * nobody saw again was acked, expired, dropped or lost, and counts as never ready; so does what was
 * dead-lettered, which may be kept somewhere for a while on purpose.
 *
 * It has to see each event before the wire does: what an event ends is still unacked then.
 */
export class Ready implements Reader {
  readonly #tasks: Tasks;
  readonly #wire: Wire;
  readonly #listener: CopyListener;

  constructor(tasks: Tasks, wire: Wire, listener: CopyListener) {
    this.#tasks = tasks;
    this.#wire = wire;
    this.#listener = listener;
  }

  readonly reads: Readings = {
    published: (event) => this.#published(event),
    "publish-confirmed": (event) => {
      for (const id of event.tasks) {
        const copy = this.#unanswered(id);
        if (copy) this.#ready(copy, event);
      }
    },
    "publish-returned": ({ task: id }) => {
      const task = id === null ? undefined : this.#tasks.find(id);
      const copy = this.#unanswered(id);
      if (task && copy) remove(task, copy);
    },
    held: (event) => {
      if (event.what !== "delivery") return;
      for (const id of event.tasks) if (id !== null) this.#taken(id, event);
    },
    delivered: (event) => {
      if (event.task === null) return;
      const isForNobody = event.dropped || this.#wire.channel(event).closed;
      if (isForNobody) this.#notTaken(event.task, event);
      else this.#taken(event.task, event, event.queue);
    },
    drained: (event) => {
      if (event.task !== null) this.#taken(event.task, event, event.queue);
    },
    rejected: (event) => {
      if (event.dropped || !event.requeue || event.subject === DRAIN) return;
      const named = this.#wire.channel(event).namedBy(event.tag, event.multiple);
      for (const delivery of named) this.#back(delivery, event);
    },
    "channel-closed": (event) => {
      const { unacked } = this.#wire.channel(event);
      for (const delivery of unacked.values()) this.#back(delivery, event);
    },
    "connection-closed": (event) => {
      for (const { unacked } of this.#wire.channelsOn(event.connection)) {
        for (const delivery of unacked.values()) this.#back(delivery, event);
      }
    },
  };

  #published(event: EventOf<"published">): void {
    if (event.task === null || event.dropped || event.output) return;
    const copy = copyIn(event.exchange === "" ? event.routingKey : null);
    const task = this.#tasks.named(event.task);
    task.copies = plus(task.copies, copy);
    if (event.tag === null) this.#ready(copy, event);
  }

  #ready(copy: Copy, event: Event): void {
    copy.isReady = true;
    this.#listener.ready(copy, event);
  }

  /** The oldest publish of a task that the broker has not answered for. */
  #unanswered(id: string | null): Copy | undefined {
    if (id === null) return undefined;
    return this.#tasks.find(id)?.copies.find(({ isReady }) => !isReady);
  }

  /** A copy has left: the oldest that was ready; before a confirm, one that is on its way. */
  #taken(id: string, event: Event, queue: string | null = null): void {
    const task = this.#tasks.find(id);
    if (task === undefined) return;
    const copy = oldest(task.copies, queue);
    if (copy === undefined) return;
    remove(task, copy);
    if (!copy.isReady) return;
    const name = queue ?? copy.queue;
    if (name === null) this.#listener.forgotten(copy);
    else this.#listener.taken(copy, name, event);
  }

  /** Nobody saw the delivery: the copy is still waiting, or again, if the link had held it. */
  #notTaken(id: string, event: EventOf<"delivered">): void {
    const task = this.#tasks.named(id);
    if (task.copies.some(({ isReady }) => isReady)) return;
    this.#again(task, event.queue, event);
  }

  /** A delivery that somebody saw goes back to its queue. */
  #back({ task, queue, dropped }: Delivery, event: Event): void {
    if (task !== null && !dropped) this.#again(task, queue, event);
  }

  #again(task: Task, queue: string, event: Event): void {
    const copy = copyIn(queue);
    task.copies = plus(task.copies, copy);
    this.#ready(copy, event);
  }
}

function copyIn(queue: string | null): Copy {
  return { queue, isReady: false, change: null };
}

function remove(task: Task, copy: Copy): void {
  task.copies = minus(task.copies, copy);
}

/** The oldest copy that may have been in this queue: if there are any that are ready, of these. */
function oldest(copies: readonly Copy[], queue: string | null): Copy | undefined {
  let first: Copy | undefined;
  for (const copy of copies) {
    if (queue !== null && copy.queue !== null && copy.queue !== queue) continue;
    if (copy.isReady) return copy;
    first ??= copy;
  }
  return first;
}
