import type { Event } from "../history/event.ts";
import { withStrikes } from "../history/hands.ts";
import { type Account, accountOf, fatesOf, groupByFate } from "./account.ts";
import { Waiting } from "./availability.ts";
import { closingContradictions } from "./closing.ts";
import { Completed } from "./completed.ts";
import { Contradictions } from "./contradictions.ts";
import { type Conviction, convict } from "./convictions.ts";
import { Effects } from "./effects.ts";
import { Endings, Events } from "./events.ts";
import type { Fate } from "./fates.ts";
import { Habits } from "./habits.ts";
import { Holds } from "./holds.ts";
import { Injections } from "./injections.ts";
import { Lives } from "./lives.ts";
import { Processes } from "./processes.ts";
import { Publishes } from "./publishes.ts";
import { Queues } from "./queues.ts";
import { Dispatch } from "./reading.ts";
import { Ready } from "./ready.ts";
import { Sequence } from "./sequence.ts";
import { StaleTags } from "./stale-tags.ts";
import { Presence } from "./standing.ts";
import { Strikes } from "./strikes.ts";
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
  readonly #books = {
    tasks: this.#tasks,
    holds: this.#holds,
    wire: this.#wire,
    effects: this.#effects,
    queues: this.#queues,
    sums: this.#sums,
  };
  readonly #injections = new Injections(this.#books);
  readonly #staleTags = new StaleTags(this.#wire);
  readonly #habits = new Habits(
    this.#wire,
    this.#staleTags,
    (id) => this.#tasks.kept(id)?.doneBy.length === 0,
  );
  readonly #presence = new Presence(this.#wire);
  readonly #lives = new Lives(this.#wire);
  readonly #waiting = new Waiting();
  readonly #strikes = new Strikes();
  /** Who must see what an event ends come first; who sees what was kept of it, last. */
  readonly #dispatch = new Dispatch([
    this.#holds,
    this.#presence,
    new Ready(this.#tasks, this.#wire, this.#waiting.copies),
    new Endings(this.#wire),
    this.#publishes,
    this.#staleTags,
    this.#wire,
    this.#effects,
    this.#queues,
    new Completed(this.#books, this.#contradictions),
    this.#processes,
    this.#injections,
    this.#habits,
    this.#lives,
    new Events(this.#tasks),
    this.#strikes,
  ]);

  /**
   * @param keep `all` keeps every task with its events, for whole lives and for the ids of all
   * completed tasks. `wrong` keeps those that are in flight or went wrong: memory then stays bounded
   * by these, `life` tells what was kept (the rest, and what struck its worker, is in the run's
   * file, see `livesOf`), and `completed` in the fates has only the tasks that had trouble on their
   * way.
   */
  constructor({ keep = "all" }: { keep?: "all" | "wrong" } = {}) {
    this.#tasks.keepsAll = keep === "all";
    this.#strikes.keepsAll = keep === "all";
  }

  add(event: Event): void {
    this.#sequence.check(event);
    if (event.type === "protocol-violation") {
      const about = `${event.subject}, from the ${event.by}: ${event.text}`;
      this.#contradictions.add("protocol-violation", about);
    }
    this.#waiting.before(event);
    this.#dispatch.send(event);
    this.#waiting.after(event);
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

  /** Was this task done without a hitch: published, confirmed, delivered, done, acked, once each? */
  isFinished(task: string): boolean {
    return this.#tasks.isFinished(task);
  }

  /** Is an effect to come of a task that was acked before it? Only a sink sees that as it happens. */
  get owesEffects(): boolean {
    return [...this.#tasks.all()].some(
      ({ ackedEarlyBy, effects }) => ackedEarlyBy.length > 0 && effects === 0,
    );
  }

  /** What happened to a task, in order, as far as it was kept. */
  life(task: string): readonly Event[] {
    return withStrikes(this.#tasks.kept(task)?.events ?? [], this.#strikes.all);
  }

  account(): Account {
    return accountOf(this.#tasks, this.fates().values());
  }

  /**
   * By id, of the tasks that are kept. A task that was not confirmed, and that nobody saw again, has
   * no fate.
   */
  fates(): Map<string, Fate> {
    return fatesOf(this.#tasks, this.#queues);
  }

  /** Judges the history as complete: what is missing at its end counts against it. */
  verdict(expectation: Expectation = {}): Verdict {
    const { tasks, queues, sums } = this.#books;
    const isUnobserved = expectation.effects === "unobserved";
    const fates = fatesOf(tasks, queues, isUnobserved);
    const account = accountOf(tasks, fates.values());
    const contradictions = [
      ...this.#contradictions.sentences(),
      ...closingContradictions({ ...this.#books, fates, account }),
    ];
    const doubts = vacuity({
      injections: this.#injections.all(),
      queues: queues.all(),
      tasks,
      sums,
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
      availability: this.#waiting.measured(),
    };
    return decide(findings, expectation);
  }

  #convict(expectation: Expectation, fates: ReadonlyMap<string, Fate>): Conviction[] {
    const { end } = this.#sequence;
    return convict({
      ...this.#books,
      expectation,
      faults: this.#injections.all().map(({ injected }) => injected),
      lives: this.#lives.all,
      standing: this.#presence.standing(end),
      end,
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
