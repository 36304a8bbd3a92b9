import type { EventOf } from "../history/event.ts";
import { endAutomatic } from "./answers.ts";
import type { Delivery } from "./delivery.ts";
import { minus, plus } from "./lists.ts";
import type { Reader, Readings } from "./reading.ts";
import { EFFECTS } from "./subjects.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";

/** Follows each effect: asked for; done, known, refused or abandoned; or found afterwards. */
export class Effects implements Reader {
  readonly #tasks: Tasks;
  /** Requests under way, by subject. */
  readonly #underWay = new Map<string, Set<number>>();
  readonly #asked = new Set<string>();
  /** By subject, where in the history its last effect was done. */
  readonly #lastDone = new Map<string, number>();

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  readonly reads: Readings = {
    "effect-requested": (event) => this.#requested(event),
    "effect-done": (event) => this.#done(event),
    "effect-abandoned": ({ task, subject, request }) => {
      this.#end(this.#tasks.named(task), subject, request);
    },
    "effect-repeated": (event) => {
      const { task } = this.#ended(event);
      for (const delivery of task.heldBy(event.subject)) this.#knowsDone(delivery, event.seq);
    },
    "effect-refused": (event) => {
      const { task } = this.#ended(event);
      for (const delivery of task.heldBy(event.subject)) this.#endAutomatic(delivery, event.seq);
    },
    "effect-logged": ({ task: id, subject }) => {
      const task = this.#tasks.named(id);
      if (subject !== EFFECTS) noteStranger(task, subject);
      task.loggedBy = plus(task.loggedBy, subject);
    },
    "task-poisoned": ({ task }) => {
      this.#tasks.named(task).poisoned = true;
    },
  };

  /** Has the subject ever asked the sink for an effect? */
  hasAsked(subject: string): boolean {
    return this.#underWay.has(subject) || this.#asked.has(subject);
  }

  /** It has, though the history doesn't tell each time. */
  noteAsked(subject: string): void {
    this.#asked.add(subject);
  }

  /** Where in the history the subject's last effect was done; 0 if none was. */
  lastDoneBy(subject: string): number {
    return this.#lastDone.get(subject) ?? 0;
  }

  /** Is the subject in the middle of any effect? */
  isUnderWay(subject: string): boolean {
    return (this.#underWay.get(subject)?.size ?? 0) > 0;
  }

  #requested({ task: id, subject, request }: EventOf<"effect-requested">): void {
    const task = this.#tasks.named(id);
    noteStranger(task, subject);
    task.requests = plus(task.requests, { subject, request, delivery: lastTo(task, subject) });
    const underWay = this.#underWay.get(subject);
    if (underWay) underWay.add(request);
    else this.#underWay.set(subject, new Set([request]));
    for (const delivery of meantBy(task, subject)) delivery.requested = true;
  }

  #done(event: EventOf<"effect-done">): void {
    const { subject, seq } = event;
    const { task, delivery } = this.#ended(event);
    this.#lastDone.set(subject, seq);
    task.doneBy = plus(task.doneBy, subject);
    const meant = delivery ?? lastTo(task, subject);
    if (meant) meant.effects++;
    for (const held of task.heldBy(subject)) this.#knowsDone(held, seq);
  }

  #knowsDone(delivery: Delivery, seq: number): void {
    delivery.done = true;
    this.#endAutomatic(delivery, seq);
  }

  #endAutomatic(delivery: Delivery, seq: number): void {
    if (delivery.channel.automatic.has(delivery)) endAutomatic(delivery, this.#tasks, seq);
  }

  /** The sink has answered a request, in one way or another. */
  #ended(event: { task: string; subject: string; request: number }) {
    const task = this.#tasks.named(event.task);
    noteStranger(task, event.subject);
    return { task, delivery: this.#end(task, event.subject, event.request) };
  }

  /** @returns the delivery that it was asked for, also where another one has come since. */
  #end(task: Task, subject: string, request: number): Delivery | undefined {
    this.#underWay.get(subject)?.delete(request);
    const asked = task.requests.find((one) => one.subject === subject && one.request === request);
    if (asked) task.requests = minus(task.requests, asked);
    return asked?.delivery;
  }
}

/** What a subject has in hand of a task, or had last. */
function lastTo(task: Task, subject: string): Delivery | undefined {
  return task.heldBy(subject).at(-1) ?? task.pastOf(subject).at(-1);
}

/**
 * The deliveries for which it may be that a subject asks for an effect: those that it has in hand,
 * and those it has lost without an answer; the last one, where it has answered first.
 */
function meantBy(task: Task, subject: string): readonly Delivery[] {
  const held = task.heldBy(subject);
  const past = task.pastOf(subject);
  if (past.length === 0) return held;
  if (held.length === 0) return past.slice(-1);
  return [...held, ...past.filter(({ answered }) => !answered)];
}

function noteStranger(task: Task, subject: string): void {
  if (task.seenBy.includes(subject) || task.strangers.includes(subject)) return;
  task.strangers = plus(task.strangers, subject);
}
