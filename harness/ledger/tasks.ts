import { Task } from "./task.ts";

/** Every task that the history has named, and which of them have an end to come. */
export class Tasks {
  readonly #byId = new Map<string, Task>();
  #outstanding = 0;

  /** The task of this id, made known by being named. */
  named(id: string): Task {
    const known = this.#byId.get(id);
    if (known) return known;
    const task = new Task(id);
    this.#byId.set(id, task);
    return task;
  }

  find(id: string): Task | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Task> {
    return this.#byId.values();
  }

  get outstandingCount(): number {
    return this.#outstanding;
  }

  outstanding(): Task[] {
    return [...this.#byId.values()].filter((task) => task.outstanding);
  }

  /** To be called after each change to a task that may begin or end what it owes. */
  review(task: Task): void {
    const owes = task.owes();
    if (owes === task.outstanding) return;
    task.outstanding = owes;
    this.#outstanding += owes ? 1 : -1;
  }
}
