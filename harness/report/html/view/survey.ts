import type { Event, EventOf, Ids as Packed } from "../../../history/event.ts";
import { hasId } from "../../../history/ids.ts";
import { underTest } from "../../../ledger/subjects.ts";
import { Ids } from "./series.ts";
import { countOf, tasksOf } from "./tasks-of.ts";

/** What a first look at a history tells: its extent, and the tasks that something happened to. */
export class Survey {
  first = Number.POSITIVE_INFINITY;
  last = 0;
  /** When messages were on their way. */
  trafficFrom = Number.POSITIVE_INFINITY;
  trafficTo = 0;
  events = 0;
  /** Every task once, in the order in which the history names them first. */
  readonly tasks = new Set<string>();
  /** Tasks at which a fault was aimed. */
  readonly struck = new Set<string>();
  /** Tasks whose way was not straight: in hand at a fault, delivered again, rejected, returned. */
  readonly odd = new Set<string>();
  /** Tasks of which a compacted history has no more than their ids. */
  readonly counted = new Ids();
  readonly #batches: (readonly Packed[])[] = [];
  #inBatches = 0;
  readonly #inHand = new Map<string, number>();
  readonly #unanswered = new Set<string>();

  /** How many tasks there are. */
  get size(): number {
    return this.tasks.size + this.#inBatches;
  }

  knows(task: string): boolean {
    return this.tasks.has(task) || this.#batches.some((ids) => hasId(ids, task));
  }

  add(event: Event): void {
    if (event.type === "tasks-completed") this.#count(event);
    this.events++;
    this.first = Math.min(this.first, event.at);
    this.last = Math.max(this.last, event.at);
    const tasks = tasksOf(event);
    if (tasks.length > 0 && event.type !== "fault-injected") this.#pass(event);
    for (const task of tasks) this.tasks.add(task);
    this.#follow(event, tasks);
  }

  #count(event: EventOf<"tasks-completed">): void {
    this.#pass(event);
    for (const { ids } of event.completed) {
      this.#batches.push(ids);
      this.#inBatches += countOf(ids);
      for (const one of ids) {
        if (typeof one === "string") this.counted.add(one);
        else this.counted.addSeries({ prefix: one[0], from: one[1], to: one[2] });
      }
    }
  }

  #pass({ at }: Event): void {
    this.trafficFrom = Math.min(this.trafficFrom, at);
    this.trafficTo = Math.max(this.trafficTo, at);
  }

  #follow(event: Event, tasks: readonly string[]): void {
    switch (event.type) {
      case "published":
        if (event.task !== null) this.#unanswered.add(event.task);
        break;
      case "publish-confirmed":
        for (const task of tasks) this.#unanswered.delete(task);
        break;
      case "delivered":
        if (event.redelivered) this.#mark(tasks);
        if (event.task !== null && underTest(event.subject)) {
          this.#inHand.set(event.task, event.connection);
        }
        break;
      case "acked":
        for (const task of tasks) this.#inHand.delete(task);
        if (event.dropped) this.#mark(tasks);
        break;
      case "fault-injected":
        for (const task of tasks) this.struck.add(task);
        this.#mark(this.#inHand.keys());
        this.#mark(this.#unanswered);
        break;
      case "rejected":
      case "publish-refused":
      case "publish-returned":
      case "effect-abandoned":
      case "effect-refused":
      case "effect-repeated":
      case "ack-forged":
      case "task-poisoned":
      case "drained":
        this.#mark(tasks);
        break;
      case "connection-closed":
        this.#forget(event.connection);
        break;
    }
  }

  #mark(tasks: Iterable<string>): void {
    for (const task of tasks) this.odd.add(task);
  }

  #forget(connection: number): void {
    for (const [task, where] of this.#inHand) {
      if (where === connection) this.#inHand.delete(task);
    }
  }
}
