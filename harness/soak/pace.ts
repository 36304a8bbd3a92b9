import type { Link } from "../link/link.ts";
import type { Progress } from "./progress.ts";

/** Tasks in flight at which the producer has to wait: of all tasks, and at most. */
const SHARE = 0.1;
const MOST = 20_000;

/** Of these, how many are left when it may go on. */
const LEFT = 0.5;

/**
 * Bounds what is in flight, and memory with it: while workers are behind, or away, the link reads no
 * more of the producer, as a network that is full. Nor is all published while a kill takes its time:
 * the next one would find nobody at work.
 */
export class Pace {
  readonly #link: Pick<Link, "stem">;
  readonly #producer: string;
  readonly #flow: Flow;
  readonly #most: number;
  #isFull = false;
  /** How much may be published until the kill has landed that is under way. */
  #limit = Number.POSITIVE_INFINITY;

  /** @param messages that are published in all. */
  constructor(link: Pick<Link, "stem">, producer: string, flow: Flow, messages: number) {
    this.#link = link;
    this.#producer = producer;
    this.#flow = flow;
    this.#most = Math.min(MOST, messages * SHARE);
    flow.progress.subscribe(() => this.#look());
  }

  /** A worker is about to be killed: the others have enough to do meanwhile. */
  beginWorkerKill(): void {
    this.#limit = this.#flow.progress.published;
    this.#look();
  }

  /** The broker is about to be killed, in the middle of publishes. */
  beginBrokerKill(): void {
    this.#limit = this.#flow.progress.published + this.#most;
  }

  endKill(): void {
    this.#limit = Number.POSITIVE_INFINITY;
    this.#look();
  }

  #look(): void {
    const { progress, inFlight } = this.#flow;
    this.#isFull = inFlight > this.#most * (this.#isFull ? LEFT : 1);
    this.#link.stem(this.#producer, this.#isFull || progress.published >= this.#limit);
  }
}

/** What is published, and is on its way. */
export interface Flow {
  readonly progress: Pick<Progress, "subscribe" | "published">;
  readonly inFlight: number;
}
