import type { EventOf } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";
import { endAutomatic } from "./wire.ts";

/** Follows each effect: asked for, done or abandoned; or found in a log afterwards. */
export class Effects implements Reader {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  readonly reads: Readings = {
    "effect-requested": (event) => this.#requested(event),
    "effect-done": (event) => this.#done(event),
    "effect-abandoned": ({ task, subject, request }) => {
      forget(this.#tasks.named(task), subject, request);
    },
    "effect-logged": ({ task: id, subject }) => {
      const task = this.#tasks.named(id);
      noteStranger(task, subject);
      task.loggedBy.push(subject);
    },
  };

  #requested({ task: id, subject, request }: EventOf<"effect-requested">): void {
    const task = this.#tasks.named(id);
    noteStranger(task, subject);
    task.requests.push({ subject, request });
    for (const delivery of openAt(task, subject)) delivery.requested = true;
  }

  #done({ task: id, subject, request, seq }: EventOf<"effect-done">): void {
    const task = this.#tasks.named(id);
    noteStranger(task, subject);
    forget(task, subject, request);
    task.doneBy.push(subject);
    for (const delivery of openAt(task, subject)) {
      delivery.done = true;
      if (delivery.channel.automatic.has(delivery)) endAutomatic(delivery, this.#tasks, seq);
    }
  }
}

function openAt(task: Task, subject: string): Delivery[] {
  return task.open.filter((delivery) => delivery.subject === subject);
}

function forget(task: Task, subject: string, request: number): void {
  const index = task.requests.findIndex(
    (one) => one.subject === subject && one.request === request,
  );
  if (index >= 0) task.requests.splice(index, 1);
}

function noteStranger(task: Task, subject: string): void {
  if (task.seenBy.includes(subject) || task.strangers.includes(subject)) return;
  task.strangers.push(subject);
}
