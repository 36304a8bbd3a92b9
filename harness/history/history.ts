import type { Event, Fact } from "./event.ts";

type Listener = (event: Event) => void;

/**
 * All events of a run, in the order in which the harness saw them. The witnesses record into it;
 * the ledger, the run's file and every wait listen to it.
 */
export class History {
  /** What was recorded so far; always empty where the events are not kept. */
  readonly events: Event[] = [];
  readonly #keep: boolean;
  #recorded = 0;
  readonly #listeners = new Set<Listener>();
  readonly #began = performance.now();
  #failure: Error | undefined;

  /**
   * @param keep false to tell the listeners and forget: memory then stays the same however long
   * the run is, and what the listeners made of the events (a file) is the only record. Default true.
   */
  constructor({ keep = true }: { keep?: boolean } = {}) {
    this.#keep = keep;
  }

  /**
   * Stamps a fact and tells everyone who listens. A fact is recorded before anybody can answer it:
   * before it takes effect, or in the same turn of the event loop.
   */
  record(fact: Fact): Event {
    const at = Math.round((performance.now() - this.#began) * 1000) / 1000;
    const event: Event = { seq: ++this.#recorded, at, ...fact };
    if (this.#keep) this.events.push(event);
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** Calls back after each event; returns how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A witness lost its ability to record. Nothing that follows can be trusted. */
  fail(error: Error): void {
    this.#failure ??= error;
  }

  /** @throws what a witness failed with, if one did. */
  assertWhole(): void {
    if (this.#failure) throw this.#failure;
  }
}
