import type { EventOf } from "../history/event.ts";
import { isEarly } from "./answers.ts";
import type { Delivery } from "./delivery.ts";
import type { Reader, Readings } from "./reading.ts";
import { underTest } from "./subjects.ts";
import type { Wire } from "./wire.ts";

/** A task that was settled by an ack that was meant for another one. */
export interface Misdirected {
  readonly task: string;
  /** The one that the tag had named on the channel that ended. */
  readonly meant: string;
}

/**
 * Watches for delivery tags that outlive their channel: what a subject had in hand when its channel
 * ended, and may then answer on the next one, where the tag names another task, or none. It has to
 * see each event before the wire does.
 */
export class StaleTags implements Reader {
  readonly #wire: Wire;
  /** By subject, what its process had not answered on the channels that have ended. */
  readonly #stale = new Map<string, Delivery[]>();
  readonly #found = new Map<string, Misdirected[]>();
  /** By subject, where in the history its process began. */
  readonly #started = new Map<string, number>();
  /** By connection, where in the history it began. */
  readonly #opened = new Map<number, number>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  readonly reads: Readings = {
    // Another process knows nothing of the tags of the one before, nor of its connections.
    "process-started": ({ subject, seq }) => {
      this.#stale.delete(subject);
      this.#started.set(subject, seq);
    },
    "connection-opened": ({ connection, seq }) => {
      this.#opened.set(connection, seq);
    },
    acked: (event) => this.#acked(event),
    "channel-closed": (event) => this.#ended(event, [this.#wire.channel(event)]),
    "connection-closed": (event) => this.#ended(event, this.#wire.channelsOn(event.connection)),
  };

  /** By subject. */
  get found(): ReadonlyMap<string, readonly Misdirected[]> {
    return this.#found;
  }

  isMisdirected(subject: string, task: string): boolean {
    return this.#found.get(subject)?.some((one) => one.task === task) ?? false;
  }

  /**
   * The delivery that a tag which names nothing comes from, on a channel before, if it does. One that
   * this channel has never given does; of one that it has, and that is settled by now, only a task
   * that was worked on tells: it had its answer under this tag before, or has it now.
   */
  source(event: EventOf<"acked"> | EventOf<"rejected">): Delivery | undefined {
    const stale = this.#named(event.subject, event.tag);
    const worked = stale.findLast(isWorkedOn);
    const isNew = event.tag > this.#wire.channel(event).lastTag;
    return worked ?? (isNew ? stale.at(-1) : undefined);
  }

  #named(subject: string, tag: number): Delivery[] {
    const stale = this.#stale.get(subject);
    if (stale === undefined) return [];
    return stale.filter((delivery) => delivery.tag === tag);
  }

  #ended(
    { subject, connection }: { subject: string; connection: number },
    channels: Iterable<{ unacked: ReadonlyMap<number, Delivery> }>,
  ): void {
    const isOfBefore = (this.#opened.get(connection) ?? 0) < (this.#started.get(subject) ?? 0);
    if (!underTest(subject) || (isOfBefore && this.#opened.has(connection))) return;
    const stale = this.#stale.get(subject) ?? [];
    for (const { unacked } of channels) {
      for (const delivery of unacked.values()) {
        if (delivery.seen && !delivery.answered) stale.push(delivery);
      }
    }
    this.#stale.set(subject, stale);
  }

  /** An early ack that has the tag of a task which its subject worked on, and could not answer. */
  #acked(event: EventOf<"acked">): void {
    if (event.dropped || !underTest(event.subject)) return;
    const worked = this.#named(event.subject, event.tag).filter(
      (delivery) => isWorkedOn(delivery) && !isAnsweredSince(delivery),
    );
    if (worked.length === 0) return;
    const channel = this.#wire.channel(event);
    for (const delivery of channel.namedBy(event.tag, event.multiple)) {
      const isUndone = delivery.answered ? delivery.early : isEarly(delivery);
      const meant = worked.findLast(({ task }) => task !== null && task !== delivery.task)?.task;
      if (!isUndone || !delivery.task || !meant) continue;
      const found = this.#found.get(event.subject) ?? [];
      found.push({ task: delivery.task.id, meant: meant.id });
      this.#found.set(event.subject, found);
    }
  }
}

/** Did it come again, and get its answer then? Another answer is not meant for it any more. */
function isAnsweredSince({ task, subject, seq }: Delivery): boolean {
  return [...(task?.past ?? []), ...(task?.open ?? [])].some(
    (again) => again.subject === subject && again.seq > seq && again.answered,
  );
}

/** An effect that was done later may be that of its next delivery. */
function isWorkedOn({ requested }: Delivery): boolean {
  return requested;
}
