import type { EventOf } from "../history/event.ts";
import { Grouped } from "./grouped.ts";
import type { Reader, Readings } from "./reading.ts";
import type { StaleTags } from "./stale-tags.ts";
import { underTest } from "./subjects.ts";
import type { Wire } from "./wire.ts";

/** A publish that is not persistent, and the queue it goes to (null if an exchange decides). */
export interface TransientPublishes {
  readonly subject: string;
  readonly queue: string | null;
  readonly tasks: Set<string>;
}

/** Where replies to a request go that has no queue of its own. */
const REPLY_TO = "amq.rabbitmq.reply-to";

export type Habit =
  | "automatic acks"
  | "automatic acks before the effect"
  | "unconfirmed publishes"
  | "unbounded prefetch"
  | "unknown delivery tag"
  | "stale delivery tag"
  | "unroutable publishes without mandatory";

/** Watches how the programs under test set up their channels, whatever became of the tasks. */
export class Habits implements Reader {
  readonly #wire: Wire;
  readonly #staleTags: StaleTags;
  readonly #isUndone: (task: string) => boolean;
  readonly seen = new Grouped<Habit>();
  readonly #transient = new Map<string, TransientPublishes>();
  /** Subjects with a bad tag on a channel, until the broker says what it makes of it. */
  readonly #badTagOn = new Set<object>();
  /** What the broker answered to a subject's unknown delivery tags. */
  readonly closings = new Map<string, string>();

  constructor(wire: Wire, staleTags: StaleTags, isUndone: (task: string) => boolean) {
    this.#wire = wire;
    this.#staleTags = staleTags;
    this.#isUndone = isUndone;
  }

  readonly reads: Readings = {
    published: (event) => this.#published(event),
    consuming: ({ subject, noAck, prefetch }) => {
      if (underTest(subject) && !noAck && prefetch === 0) {
        this.seen.add("unbounded prefetch", subject);
      }
    },
    delivered: (event) => this.#delivered(event),
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
    "channel-closed": (event) => this.#channelClosed(event),
  };

  transientPublishes(): TransientPublishes[] {
    return [...this.#transient.values()];
  }

  #published(event: EventOf<"published">): void {
    const { subject, task } = event;
    if (!underTest(subject)) return;
    // A publish that a fault kept from the broker has no number there either.
    if (event.tag === null && event.dropped !== true)
      this.seen.add("unconfirmed publishes", subject, task);
    // A reply that nobody waits for any more has nowhere to go.
    if (!event.mandatory && !event.routingKey.startsWith(REPLY_TO)) {
      this.seen.add("unroutable publishes without mandatory", subject, task);
    }
    if (event.persistent) return;
    const queue = event.exchange === "" ? event.routingKey : null;
    const key = `${subject}\n${queue}`;
    const known = this.#transient.get(key) ?? { subject, queue, tasks: new Set() };
    if (task !== null) known.tasks.add(task);
    this.#transient.set(key, known);
  }

  #delivered({ subject, noAck, task }: EventOf<"delivered">): void {
    if (!noAck || !underTest(subject)) return;
    this.seen.add("automatic acks", subject, task);
    if (task !== null && this.#isUndone(task)) {
      this.seen.add("automatic acks before the effect", subject, task);
    }
  }

  /** An answer that crosses the broker's close on its way is no mistake of the subject. */
  #answered(event: EventOf<"acked"> | EventOf<"rejected">): void {
    if (event.tasks.length > 0 || !underTest(event.subject)) return;
    const isForAll = event.multiple && event.tag === 0;
    const channel = this.#wire.channel(event);
    if (isForAll || channel.closed || channel.forged.has(event.tag)) return;
    const stale = this.#staleTags.source(event);
    if (stale) this.seen.add("stale delivery tag", event.subject, stale.task?.id);
    else this.seen.add("unknown delivery tag", event.subject);
    this.#badTagOn.add(channel);
  }

  #channelClosed(event: EventOf<"channel-closed">): void {
    const isAnswer = this.#badTagOn.delete(this.#wire.channel(event));
    if (isAnswer && event.by === "broker" && event.code === 406) {
      this.closings.set(event.subject, event.text);
    }
  }
}
