import { DEAD, TASKS, type Terms } from "../plan/command.ts";
import type { Chronicle } from "./chronicle.ts";
import { livesOf, mayBeMissing, mayHold, type QueueLife } from "./lives.ts";
import { storyOf } from "./story.ts";
import { type End, endsOf, type Story, type Tale } from "./tale.ts";

/**
 * Milliseconds in which a new quorum queue is in its node's registry on disk, with some to spare.
 */
const REGISTRATION = 3_000;

/** What a run's rules ask about: its chronicle, read once. */
export class Evidence {
  readonly chronicle: Chronicle;
  readonly story: Story;
  readonly lives: QueueLife[];
  /** Subjects that promise to ack a task only after its effect. */
  readonly careful: ReadonlySet<string>;

  /** Ends of consumers with automatic acks that may have had more under way than was seen. */
  readonly cuts: readonly End[];

  /** Tasks that were published with a priority, and so may overtake others. */
  readonly prioritized: ReadonlySet<string>;

  constructor(chronicle: Chronicle) {
    this.chronicle = chronicle;
    this.story = storyOf(chronicle);
    this.lives = livesOf(chronicle);
    this.cuts = cutsOf(chronicle, this.story);
    this.careful = new Set(
      chronicle.deeds.flatMap((deed) =>
        deed.type === "started" && deed.acksAfterWork ? [deed.subject] : [],
      ),
    );
    this.prioritized = new Set(
      chronicle.deeds.flatMap((deed) =>
        deed.type === "published" && deed.prioritized ? deed.tasks : [],
      ),
    );
  }

  /** The lives of the queue in which a task may have been. */
  homesOf({ publishes }: Tale): QueueLife[] {
    return publishes.flatMap(({ seq, answeredAt }) => mayHold(this.lives, TASKS, seq, answeredAt));
  }

  /** Could a publish of it have found no queue? */
  mayHaveMissed({ publishes }: Tale): boolean {
    return publishes.some(({ seq, answeredAt }) =>
      mayBeMissing(this.lives, TASKS, seq, answeredAt),
    );
  }

  /** Did the broker end after that event? */
  wasDownAfter(seq: number): boolean {
    return this.story.downs.some((down) => down.seq > seq);
  }

  /** Was the power cut after that event? */
  hadPowerCutAfter(seq: number): boolean {
    return this.chronicle.deeds.some(
      (deed) => deed.type === "broker" && deed.harm === "power-cut" && deed.to > seq,
    );
  }

  /**
   * May a dead letter vanish after that event? It goes without a confirm, and "can be lost if the
   * target queue is not available": where it is missing, or the broker has ended once, and its
   * queues come back one by one (https://www.rabbitmq.com/docs/dlx#safety).
   */
  mayDropDeadLetter({ terms }: QueueLife, since: number): boolean {
    if (!terms.deadLetters) return true;
    const isMissing = mayBeMissing(this.lives, DEAD, since, Number.POSITIVE_INFINITY);
    return isMissing || this.story.downs.length > 0;
  }

  /** Was it declared in place of another, and the broker killed before it was on disk? */
  mayBeUnregistered({ queue, terms, mayBeginAt, beginsBy }: QueueLife): boolean {
    if (terms.type !== "quorum") return false;
    if (!this.lives.some((life) => life.queue === queue && life.mayBeginAt < mayBeginAt))
      return false;
    const since = this.chronicle.events[beginsBy - 1]?.at ?? 0;
    return this.story.downs.some(
      ({ clean, seq, at }) => !clean && seq > beginsBy && at - since < REGISTRATION,
    );
  }

  /** How many tasks may ever have been in one life of the queue. */
  crowd(life: QueueLife): number {
    return [...this.story.tales.values()].filter((tale) => this.homesOf(tale).includes(life))
      .length;
  }
}

function cutsOf({ events }: Chronicle, story: Story): End[] {
  return events.flatMap((event) =>
    event.type === "consuming" && event.noAck
      ? endsOf(story, event).filter(({ clean }) => !clean)
      : [],
  );
}

/** Is it kept in memory only? */
export function isVolatile(terms: Terms, persistent: boolean): boolean {
  return !terms.durable || (terms.type === "classic" && !persistent);
}

/** The number at the front of a version: 4.3 of 4.3.6. */
export function seriesOf(version: string): number {
  return Number.parseFloat(version);
}
