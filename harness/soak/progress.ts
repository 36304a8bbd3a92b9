import type { Event, EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { underTest } from "../ledger/subjects.ts";

/** Publishes after which those who wait are told, answers or not. */
const LOOKS = 64;

/** The name of the one that publishes. */
export const PRODUCER = "producer";

/** How far a soak is, by what the wire shows. Whoever waits for it is told of each answer. */
export class Progress {
  /** By connection: whose it is, and how many deliveries it has not answered. */
  readonly #inHand = new Map<number, { subject: string; count: number }>();
  readonly #changed = new Set<() => void>();
  /** By connection: publishes without an answer. */
  readonly #unconfirmed = new Map<number, number>();
  published = 0;
  /** Publishes that have no answer yet, and whose connection has not ended. */
  unconfirmed = 0;
  /** Answers of workers to deliveries, whether first ones or not. */
  acked = 0;
  /** Events so far. */
  events = 0;
  readonly #began = performance.now();
  readonly #producer: string;
  #hasLeft = false;

  constructor(history: History, producer = PRODUCER) {
    this.#producer = producer;
    history.subscribe((event) => this.#see(event));
  }

  /** Calls back after each answer, some publishes, and each end; returns how to stop. */
  subscribe(changed: () => void): () => void {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  }

  /** Acks a second, from the beginning. */
  get rate(): number {
    return (this.acked / (performance.now() - this.#began)) * 1000;
  }

  /** The workers that were sent tasks which they have not answered, by name. */
  get busy(): string[] {
    const all = [...this.#inHand.values()].filter(({ count }) => count > 0);
    return [...new Set(all.map(({ subject }) => subject))].sort();
  }

  /** Has the producer left, and is every task answered? Then nobody will be at work any more. */
  get isOver(): boolean {
    return this.#hasLeft && this.busy.length === 0 && this.acked >= this.published;
  }

  #see(event: Event): void {
    this.events += 1;
    switch (event.type) {
      case "published":
        this.published += 1;
        if (!event.dropped) this.#publishes(event, 1); // What never arrives is never answered.
        if (this.published % LOOKS === 0) this.#tell();
        break;
      case "publish-confirmed":
        this.#publishes(event, -event.tasks.length);
        this.#tell();
        break;
      case "delivered":
        if (underTest(event.subject)) this.#hands(event, 1);
        break;
      case "acked":
        if (underTest(event.subject)) this.#answered(event);
        break;
      case "connection-closed":
        this.#inHand.delete(event.connection);
        this.#publishes(event, -(this.#unconfirmed.get(event.connection) ?? 0));
        this.#tell();
        break;
      case "process-exited":
        this.#hasLeft ||= event.subject === this.#producer;
        this.#leaves(event.subject);
        this.#tell();
        break;
    }
  }

  #publishes({ connection }: { connection: number }, count: number): void {
    this.unconfirmed += count;
    this.#unconfirmed.set(connection, (this.#unconfirmed.get(connection) ?? 0) + count);
  }

  #answered(event: EventOf<"acked">): void {
    if (event.dropped) return;
    this.acked += event.tasks.length;
    this.#hands(event, -event.tasks.length);
    this.#tell();
  }

  #hands({ subject, connection }: { subject: string; connection: number }, count: number): void {
    const known = this.#inHand.get(connection);
    const before = known?.count ?? 0;
    if (known) known.count += count;
    else this.#inHand.set(connection, { subject, count });
    if (before === 0) this.#tell(); // It is at work from now on, and may be for that one task only.
  }

  /** What it had in hand it can no longer answer, though the broker may not know yet. */
  #leaves(name: string): void {
    for (const [connection, { subject }] of this.#inHand) {
      if (subject === name) this.#inHand.delete(connection);
    }
  }

  #tell(): void {
    for (const changed of this.#changed) changed();
  }
}
