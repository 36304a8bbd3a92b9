import type { EventOf } from "../history/event.ts";
import { endAutomatic } from "./answers.ts";
import type { Delivery } from "./delivery.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";

/** Follows each effect: asked for, done or abandoned; or found in a log afterwards. */
export class Effects implements Reader {
  readonly #tasks: Tasks;
  /** Requests under way, by subject. */
  readonly #underWay = new Map<string, Set<number>>();

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  readonly reads: Readings = {
    "effect-requested": (event) => this.#requested(event),
    "effect-done": (event) => this.#done(event),
    "effect-abandoned": ({ task, subject, request }) => {
      this.#end(this.#tasks.named(task), subject, request);
    },
    "effect-logged": ({ task: id, subject }) => {
      const task = this.#tasks.named(id);
      noteStranger(task, subject);
      task.loggedBy.push(subject);
    },
  };

  /** Is the subject in the middle of any effect? */
  isUnderWay(subject: string): boolean {
    return (this.#underWay.get(subject)?.size ?? 0) > 0;
  }

  #requested({ task: id, subject, request }: EventOf<"effect-requested">): void {
    const task = this.#tasks.named(id);
    noteStranger(task, subject);
    task.requests.push({ subject, request });
    const underWay = this.#underWay.get(subject);
    if (underWay) underWay.add(request);
    else this.#underWay.set(subject, new Set([request]));
    for (const delivery of openAt(task, subject)) delivery.requested = true;
  }

  #done({ task: id, subject, request, seq }: EventOf<"effect-done">): void {
    const task = this.#tasks.named(id);
    noteStranger(task, subject);
    this.#end(task, subject, request);
    task.doneBy.push(subject);
    for (const delivery of openAt(task, subject)) {
      delivery.done = true;
      if (delivery.channel.automatic.has(delivery)) endAutomatic(delivery, this.#tasks, seq);
    }
  }

  #end(task: Task, subject: string, request: number): void {
    this.#underWay.get(subject)?.delete(request);
    const index = task.requests.findIndex(
      (one) => one.subject === subject && one.request === request,
    );
    if (index >= 0) task.requests.splice(index, 1);
  }
}

function openAt(task: Task, subject: string): Delivery[] {
  return task.open.filter((delivery) => delivery.subject === subject);
}

function noteStranger(task: Task, subject: string): void {
  if (task.seenBy.includes(subject) || task.strangers.includes(subject)) return;
  task.strangers.push(subject);
}
