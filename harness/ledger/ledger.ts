import type { Event } from "../history/event.ts";
import { type Account, accountOf, fatesOf, groupByFate } from "./account.ts";
import { availabilityOf } from "./availability.ts";
import { closingContradictions } from "./closing.ts";
import { Contradictions } from "./contradictions.ts";
import { type Conviction, convict } from "./convictions.ts";
import { Effects } from "./effects.ts";
import type { Fate } from "./fates.ts";
import { Habits } from "./habits.ts";
import { Holds } from "./holds.ts";
import { Injections } from "./injections.ts";
import { lifeOf } from "./life.ts";
import { Processes } from "./processes.ts";
import { Publishes } from "./publishes.ts";
import { Queues } from "./queues.ts";
import { Dispatch } from "./reading.ts";
import { Sequence } from "./sequence.ts";
import { StaleTags } from "./stale-tags.ts";
import { Sums } from "./sums.ts";
import { Tasks } from "./tasks.ts";
import { vacuity } from "./vacuity.ts";
import { decide, type Expectation, type Verdict } from "./verdict.ts";
import { Wire } from "./wire.ts";

/**
 * Merges what the witnesses say into one fate for each task. Events are added one at a time, in
 * the order of the history; everything else can be asked at any time, but fates and verdict are
 * sound only when the queues have been drained.
 */
export class Ledger {
  readonly #history: Event[] = [];
  readonly #tasks = new Tasks();
  readonly #sums = new Sums();
  readonly #contradictions = new Contradictions();
  readonly #sequence = new Sequence(this.#contradictions);
  readonly #holds = new Holds();
  readonly #publishes = new Publishes(this.#tasks, this.#sums, this.#contradictions);
  readonly #wire = new Wire(this.#tasks, this.#sums, this.#contradictions);
  readonly #effects = new Effects(this.#tasks);
  readonly #queues = new Queues(this.#tasks, this.#sums, this.#contradictions);
  readonly #processes = new Processes(this.#contradictions);
  readonly #injections = new Injections({
    tasks: this.#tasks,
    holds: this.#holds,
    wire: this.#wire,
    effects: this.#effects,
    sums: this.#sums,
  });
  readonly #staleTags = new StaleTags(this.#wire);
  readonly #habits = new Habits(
    this.#wire,
    this.#staleTags,
    (id) => this.#tasks.find(id)?.doneBy.length === 0,
  );
  readonly #dispatch = new Dispatch([
    this.#holds,
    this.#publishes,
    this.#staleTags,
    this.#wire,
    this.#effects,
    this.#queues,
    this.#processes,
    this.#injections,
    this.#habits,
  ]);

  add(event: Event): void {
    this.#sequence.check(event);
    this.#history.push(event);
    if (event.type === "protocol-violation") {
      const about = `${event.subject}, from the ${event.by}: ${event.text}`;
      this.#contradictions.add("protocol-violation", about);
    }
    this.#dispatch.send(event);
  }

  /**
   * The tasks that have an end on the wire to come: confirmed, or delivered whatever became of
   * their publish, and not yet acked, rejected for good, taken with automatic acks, or drained.
   */
  outstanding(): string[] {
    return this.#tasks.outstanding().map(({ id }) => id);
  }

  get outstandingCount(): number {
    return this.#tasks.outstandingCount;
  }

  /** Is an effect to come, at a sink that has seen others, of a task that was acked before it? */
  get owesEffects(): boolean {
    const all = [...this.#tasks.all()];
    return (
      all.some(({ doneBy }) => doneBy.length > 0) &&
      all.some(({ ackedEarlyBy, effects }) => ackedEarlyBy.length > 0 && effects === 0)
    );
  }

  /** What happened to a task, in order. Reads the whole history: for the few, not for all. */
  life(task: string): Event[] {
    return lifeOf(this.#history, task);
  }

  account(): Account {
    return accountOf(this.#tasks, this.fates().values());
  }

  /** By id. A task that was not confirmed, and that nobody saw again, has no fate. */
  fates(): Map<string, Fate> {
    return fatesOf(this.#tasks, this.#queues);
  }

  /** Judges the history as complete: what is missing at its end counts against it. */
  verdict(expectation: Expectation = {}): Verdict {
    const tasks = this.#tasks;
    const queues = this.#queues;
    const isUnobserved = expectation.effects === "unobserved";
    const fates = fatesOf(tasks, queues, isUnobserved);
    const account = accountOf(tasks, fates.values());
    const books = { tasks, queues, holds: this.#holds, sums: this.#sums, fates, account };
    const contradictions = [...this.#contradictions.sentences(), ...closingContradictions(books)];
    const doubts = vacuity({
      injections: this.#injections.all(),
      queues: queues.all(),
      tasks,
      sums: this.#sums,
      declaredFault: expectation.fault,
      isUnobserved,
    });
    const findings = {
      account,
      fates: groupByFate(fates),
      convictions: this.#convict(expectation, fates),
      contradictions,
      vacuity: doubts,
      ...(isUnobserved ? { effects: "unobserved" as const } : {}),
      availability: availabilityOf(this.#history),
    };
    return decide(findings, expectation);
  }

  #convict(expectation: Expectation, fates: ReadonlyMap<string, Fate>): Conviction[] {
    return convict({
      history: this.#history,
      expectation,
      tasks: this.#tasks,
      queues: this.#queues,
      wire: this.#wire,
      staleTags: this.#staleTags,
      habits: this.#habits,
      fates,
    });
  }
}

/** Judges a whole history. */
export function judge(events: Iterable<Event>, expectation?: Expectation): Verdict {
  const ledger = new Ledger();
  for (const event of events) ledger.add(event);
  return ledger.verdict(expectation);
}
