import type { EventOf } from "../history/event.ts";
import type { Contradictions } from "./contradictions.ts";
import { plus } from "./lists.ts";
import { type Publish, publishFrom } from "./publish.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";

type Answer = EventOf<"publish-confirmed"> | EventOf<"publish-refused">;

/** Follows each publish to its outcome. */
export class Publishes implements Reader {
  readonly #tasks: Tasks;
  readonly #sums: Sums;
  readonly #contradictions: Contradictions;

  constructor(tasks: Tasks, sums: Sums, contradictions: Contradictions) {
    this.#tasks = tasks;
    this.#sums = sums;
    this.#contradictions = contradictions;
  }

  readonly reads: Readings = {
    published: (event) => this.#published(event),
    "publish-returned": (event) => this.#returned(event),
    "publish-confirmed": (event) => this.#answered(event),
    "publish-refused": (event) => this.#answered(event),
  };

  #published(event: EventOf<"published">): void {
    if (event.output) return;
    if (event.task === null) {
      this.#sums.unidentified.published++;
      return;
    }
    const task = this.#tasks.named(event.task);
    if (!task.published) this.#sums.published++;
    task.publishes = plus(task.publishes, publishFrom(event));
  }

  /** A return carries no tag: it speaks of the oldest publish of the task that it can. */
  #returned(event: EventOf<"publish-returned">): void {
    if (event.task === null) return;
    const task = this.#tasks.find(event.task);
    const publish = task?.publishes.find(
      (one) => awaits(one, event) && one.mandatory && !one.returned,
    );
    if (publish === undefined) {
      if (task !== undefined) task.odd = true;
      this.#contradictions.add("confirm-of-nothing", event.subject, event.task);
      return;
    }
    publish.returned = true;
    if (event.dropped !== true) publish.outcome = "returned";
  }

  #answered(event: Answer): void {
    if (event.tasks.length === 0) {
      this.#contradictions.add("confirm-of-nothing", event.subject);
    }
    for (const id of event.tasks) {
      if (id !== null) this.#answer(id, event);
    }
  }

  #answer(id: string, event: Answer): void {
    const task = this.#tasks.find(id);
    const publish = task?.publishes.find((one) => awaits(one, event) && isNamed(one, event));
    if (task === undefined || publish === undefined) {
      if (task !== undefined) task.odd = true;
      this.#contradictions.add("confirm-of-nothing", event.subject, id);
      return;
    }
    publish.answered = true;
    // What the client never heard leaves it not knowing.
    if (event.dropped === true) return;
    if (event.type === "publish-refused") publish.outcome = "refused";
    else if (publish.returned) publish.outcome = "returned";
    else {
      publish.outcome = "confirmed";
      if (task.confirmations++ === 0) this.#sums.confirmed++;
      this.#tasks.review(task);
    }
  }
}

function awaits(publish: Publish, place: { connection: number; channel: number }): boolean {
  return (
    !publish.answered &&
    publish.sent &&
    publish.connection === place.connection &&
    publish.channel === place.channel
  );
}

function isNamed(publish: Publish, answer: Answer): boolean {
  if (publish.tag === null) return false;
  return answer.multiple ? publish.tag <= answer.tag : publish.tag === answer.tag;
}
