import type { Event, EventOf } from "../history/event.ts";
import { Dispatch, type Reader, type Readings } from "./reading.ts";
import { tagsNamed } from "./tags.ts";

/** How long a task was ready in a queue: from one event of the history to another. */
export interface Stay {
  queue: string;
  from: number;
  to: number;
}

/** A copy of a task that is in a queue, or on its way there. */
interface Copy {
  /** Null where an exchange chooses it. */
  readonly queue: string | null;
  /** Null until the broker has taken the responsibility for it. */
  from: number | null;
}

interface Out {
  readonly task: string;
  readonly queue: string;
}

/**
 * When each task was ready to be delivered, known in hindsight: from its confirm (from its publish,
 * where there are no confirms) or its return to the queue, to its next delivery or its drain. What
 * nobody saw again was acked, expired, dropped or lost, and counts as never ready; so does what was
 * dead-lettered, which may be kept somewhere for a while on purpose.
 */
export function staysOf(events: readonly Event[]): Stay[] {
  const stays = new Stays();
  const dispatch = new Dispatch([stays]);
  for (const event of events) dispatch.send(event);
  return stays.all;
}

class Stays implements Reader {
  readonly all: Stay[] = [];
  readonly #waiting = new Map<string, Copy[]>();
  /** By connection and channel, what is unacked by its tag. */
  readonly #out = new Map<number, Map<number, Map<number, Out>>>();

  readonly reads: Readings = {
    published: ({ task, exchange, routingKey, tag, seq, dropped, output }) => {
      if (task === null || dropped || output) return;
      this.#copies(task).push({
        queue: exchange === "" ? routingKey : null,
        from: tag === null ? seq : null,
      });
    },
    "publish-confirmed": ({ tasks, seq }) => {
      for (const copy of this.#unanswered(tasks)) copy.from = seq;
    },
    "publish-returned": ({ task }) => {
      const [copy] = this.#unanswered([task]);
      if (task !== null && copy !== undefined) remove(this.#copies(task), copy);
    },
    held: ({ what, tasks, seq }) => {
      if (what === "delivery") for (const task of tasks) if (task !== null) this.#taken(task, seq);
    },
    delivered: (event) => this.#delivered(event),
    drained: ({ task, queue, seq }) => {
      if (task !== null) this.#taken(task, seq, queue);
    },
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
    "ack-forged": ({ connection, channel, tag }) => {
      this.#out.get(connection)?.get(channel)?.delete(tag);
    },
    "channel-closed": ({ connection, channel, seq }) => {
      const channels = this.#out.get(connection);
      this.#return(channels?.get(channel), seq);
      channels?.delete(channel);
    },
    "connection-closed": ({ connection, seq }) => {
      for (const out of this.#out.get(connection)?.values() ?? []) this.#return(out, seq);
      this.#out.delete(connection);
    },
  };

  #copies(task: string): Copy[] {
    const known = this.#waiting.get(task);
    if (known) return known;
    const copies: Copy[] = [];
    this.#waiting.set(task, copies);
    return copies;
  }

  /** The oldest publish of each task that the broker has not answered for. */
  #unanswered(tasks: readonly (string | null)[]): Copy[] {
    return tasks.flatMap((task) => {
      if (task === null) return [];
      return this.#copies(task).find(({ from }) => from === null) ?? [];
    });
  }

  /** A copy has left: the oldest that was ready; before a confirm, one that is on its way. */
  #taken(task: string, to: number, queue: string | null = null): void {
    const copies = this.#copies(task).filter(
      (copy) => queue === null || copy.queue === null || copy.queue === queue,
    );
    const copy = copies.find(({ from }) => from !== null) ?? copies[0];
    if (copy === undefined) return;
    remove(this.#copies(task), copy);
    const name = queue ?? copy.queue;
    if (copy.from !== null && name !== null) this.all.push({ queue: name, from: copy.from, to });
  }

  #delivered(event: EventOf<"delivered">): void {
    const { connection, channel, tag, task, queue, noAck, seq, dropped } = event;
    if (task === null) return;
    if (dropped) this.#notTaken(task, queue, seq);
    else this.#taken(task, seq, queue);
    if (dropped || noAck) return;
    const channels = this.#out.get(connection) ?? new Map<number, Map<number, Out>>();
    this.#out.set(connection, channels);
    const out = channels.get(channel) ?? new Map<number, Out>();
    channels.set(channel, out.set(tag, { task, queue }));
  }

  /** Nobody saw the delivery: the copy is still waiting, or again, if the link had held it. */
  #notTaken(task: string, queue: string, from: number): void {
    const copies = this.#copies(task);
    if (copies.every((copy) => copy.from === null)) copies.push({ queue, from });
  }

  #answered(event: EventOf<"acked"> | EventOf<"rejected">): void {
    if (event.dropped) return;
    const out = this.#out.get(event.connection)?.get(event.channel);
    if (out === undefined) return;
    const isBack = event.type === "rejected" && event.requeue;
    for (const tag of tagsNamed(out, event)) {
      const one = out.get(tag);
      out.delete(tag);
      if (one && isBack) this.#copies(one.task).push({ queue: one.queue, from: event.seq });
    }
  }

  #return(out: ReadonlyMap<number, Out> | undefined, from: number): void {
    for (const { task, queue } of out?.values() ?? []) this.#copies(task).push({ queue, from });
  }
}

function remove(copies: Copy[], copy: Copy): void {
  copies.splice(copies.indexOf(copy), 1);
}
