import { type Course, courseOf, rerun } from "./course.ts";
import { Finished } from "./finished.ts";
import { Task } from "./task.ts";

/**
 * Every task that the history has named, and which of them have an end to come. Of a task that was
 * done without a hitch it may keep no more than that, until something happens to it after all.
 */
export class Tasks {
  readonly #byId = new Map<string, Task>();
  readonly #finished = new Finished();
  /** False to let go of tasks that are done without a hitch. */
  keepsAll = true;
  #outstanding = 0;
  /** The one that was asked for last: the readers of an event ask for the same. */
  #last: Task | undefined;
  /** Where acks that were sent before may have come to nothing. Kept by `Queues`. */
  acksStandSince = 0;

  /** The task of this id, made known by being named. */
  named(id: string): Task {
    const known = this.find(id);
    if (known) return known;
    const task = new Task(id);
    this.#byId.set(id, task);
    this.#last = task;
    return task;
  }

  /** The task of this id, to which something happens: if it was done, it counts as kept again. */
  find(id: string): Task | undefined {
    if (this.#last?.id === id) return this.#last;
    const task = this.#byId.get(id) ?? this.#revived(id);
    if (task) this.#last = task;
    return task;
  }

  /** The task of this id, if it is one of those that are kept. */
  kept(id: string): Task | undefined {
    return this.#last?.id === id ? this.#last : this.#byId.get(id);
  }

  /** All that are kept: in flight, or with more to tell than that they are done. */
  all(): IterableIterator<Task> {
    return this.#byId.values();
  }

  /** How many are done without a hitch, and not kept. */
  get finishedCount(): number {
    return this.#finished.size;
  }

  /** Was it done without a hitch? */
  isFinished(id: string): boolean {
    const task = this.#byId.get(id);
    if (task === undefined) return this.#finished.has(id);
    return !task.outstanding && courseOf(task, this.acksStandSince) !== null;
  }

  /** Takes a task for done which the history only counts. */
  finish(id: string, course: Course): void {
    if (this.keepsAll || !this.#finished.add(id, course)) this.#byId.set(id, rerun(id, course));
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
    if (owes !== task.outstanding) {
      task.outstanding = owes;
      this.#outstanding += owes ? 1 : -1;
    }
    if (!owes && !this.keepsAll) this.#letGo(task);
  }

  #letGo(task: Task): void {
    const course = courseOf(task, this.acksStandSince);
    if (course === null || !this.#finished.add(task.id, course)) return;
    this.#byId.delete(task.id);
    this.#last = undefined;
  }

  #revived(id: string): Task | undefined {
    const course = this.#finished.take(id);
    if (course === null) return undefined;
    const task = rerun(id, course);
    this.#byId.set(id, task);
    return task;
  }
}
