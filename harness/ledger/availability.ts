import type { Event, EventOf, FaultName } from "../history/event.ts";
import { Dispatch, type Reader, type Readings } from "./reading.ts";
import type { CopyListener } from "./ready.ts";
import { DRAIN } from "./subjects.ts";
import type { Gap } from "./waits.ts";
import { WantedConfirms } from "./wanted-confirms.ts";
import { WantedDeliveries } from "./wanted-deliveries.ts";

export type { Gap } from "./waits.ts";

export interface Gaps {
  confirms: Gap;
  deliveries: Gap;
}

export interface FaultGaps extends Gaps {
  injection: number;
  fault: FaultName;
  target: string;
}

export interface Availability {
  /** Of the whole run. */
  run: Gaps;
  /** Of each fault, in the order of their injections. */
  faults: FaultGaps[];
}

/**
 * How long confirms and deliveries stayed away while they were wanted, by the times at which the
 * link saw them.
 *
 * A **confirm** is wanted while a publish waits for its answer. A refusal is an answer, and no
 * confirm. A program whose connection or channel was taken from it goes on wanting: from then until
 * its next confirm, if it was waiting for an answer, or if it publishes again later. That it can't
 * even publish is the longest part of most outages. It stops when it ends or is killed. The
 * experiment's own publishers come back only when they are told to, and want nothing meanwhile.
 *
 * A **delivery** is wanted while a task is ready in a queue and a consumer of that queue has room
 * for it under its prefetch limit. A task is ready from its confirm, or its return to the queue,
 * until it is delivered to a client that sees it, or drained; see `Ready`. A program that has
 * lost its consumer goes on wanting until it consumes again, unless it has as many effects under
 * way as it takes at a time. A consumer that its queue keeps in reserve (a single active consumer's
 * understudy) can't be told from one that could be served.
 *
 * Any confirm ends the wait for confirms, whoever gets it and by whichever node, and any delivery
 * the wait for deliveries: this is how long the broker as a whole served nobody, and not how long
 * one client was cut off beside others. If somebody still wants one, the next wait begins there.
 *
 * What the harness does itself is not counted: what stands still in a connection because the link
 * holds something there, tasks that workers can't take because the sink holds their effects, and
 * whatever comes after the end of the experiment, when the programs are stopped and the queues are
 * drained. A wait of a second or more that this end cuts off is `unending`; a shorter one would
 * have been answered, and is left out.
 *
 * A fault answers for the waits that stand or begin between its injection and the next one, each
 * from its injection on and to its end, however late.
 *
 * Measured as the history goes by, in memory bounded by what is in flight: what is known only in
 * hindsight is waited for, but not for ever; see `Hindsight`. A compacted history has no longer the
 * times that this takes: nothing is measured there.
 */
export class Waiting implements Reader {
  readonly #confirms = new WantedConfirms();
  readonly #deliveries = new WantedDeliveries();
  readonly #running = new Set<string>();
  #last = 0;
  #isCompacted = false;

  /** Who is told of tasks that become ready, between `before` and `after` of the same event. */
  get copies(): CopyListener {
    return this.#deliveries;
  }

  /** What only happens while an experiment goes on, and where it may end. */
  readonly reads: Readings = {
    "process-started": (event) => {
      this.#running.add(event.subject);
      this.#goesOn(event);
    },
    "fault-injected": (event) => {
      this.#goesOn(event);
      this.#confirms.want.inject(event);
      this.#deliveries.want.inject(event);
    },
    "process-signalled": (event) => {
      if (event.signal !== "SIGTERM") return;
      this.#running.delete(event.subject);
      if (this.#running.size === 0) this.#ends(event);
    },
    "process-exited": ({ subject }) => {
      this.#running.delete(subject);
    },
    consuming: (event) => this.#drains(event),
    delivered: (event) => this.#drains(event),
    drained: (event) => this.#ends(event),
    "drain-finished": (event) => this.#ends(event),
    "tasks-completed": () => {
      this.#isCompacted = true;
    },
  };

  readonly #dispatch = new Dispatch([this]);

  /** To be told of each event before anybody else. */
  before(event: Event): void {
    this.#dispatch.send(event);
  }

  /** To be told of each event after everybody else. */
  after(event: Event): void {
    this.#last = event.at;
    this.#confirms.see(event);
    this.#deliveries.see(event);
  }

  /** Takes the history as complete so far. */
  measured(): Availability {
    const confirms = this.#confirms.want.longest(this.#last);
    const deliveries = this.#deliveries.want.longest(this.#last);
    const gaps = (one: Gap, other: Gap) =>
      this.#isCompacted ? UNMEASURED : { confirms: one, deliveries: other };
    return {
      run: gaps(confirms.run, deliveries.run),
      faults: confirms.faults.map(({ gap, ...fault }, index) => ({
        ...fault,
        ...gaps(gap, deliveries.faults[index]?.gap ?? null),
      })),
    };
  }

  #goesOn(event: Event): void {
    this.#confirms.want.goOn(event);
    this.#deliveries.want.goOn(event);
  }

  #drains(event: EventOf<"consuming"> | EventOf<"delivered">): void {
    if (event.subject === DRAIN) this.#ends(event);
  }

  /** When the last programs are stopped, or the first queue is drained. */
  #ends(event: Event): void {
    this.#confirms.want.end(event);
    this.#deliveries.want.end(event);
  }
}

const UNMEASURED: Gaps = { confirms: null, deliveries: null };

/** The worst of some gaps. */
export function longest(gaps: Iterable<Gap>): Gap {
  let worst: Gap = null;
  for (const gap of gaps) {
    if (gap === "unending") return gap;
    if (gap !== null && (worst === null || gap > worst)) worst = gap;
  }
  return worst;
}
