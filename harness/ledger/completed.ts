import type { CompletedTasks, EventOf } from "../history/event.ts";
import { unpackIds } from "../history/ids.ts";
import { Channel } from "./channel.ts";
import type { Contradictions } from "./contradictions.ts";
import type { Course } from "./course.ts";
import type { Effects } from "./effects.ts";
import { plus } from "./lists.ts";
import type { Queues } from "./queues.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";

/** Reads what a compacted history tells in place of the events of tasks that were just done. */
export class Completed implements Reader {
  readonly #books: { tasks: Tasks; sums: Sums; queues: Queues; effects: Effects };
  readonly #contradictions: Contradictions;
  /** By worker, what stands for the channels that it acked on. */
  readonly #channels = new Map<string, Channel>();

  constructor(
    books: { tasks: Tasks; sums: Sums; queues: Queues; effects: Effects },
    contradictions: Contradictions,
  ) {
    this.#books = books;
    this.#contradictions = contradictions;
  }

  readonly reads: Readings = {
    "tasks-completed": (event) => {
      for (const completed of event.completed) this.#completed(completed, event);
    },
  };

  #completed(completed: CompletedTasks, event: EventOf<"tasks-completed">): void {
    const { tasks, sums, queues, effects } = this.#books;
    const { worker, queue, ids } = completed;
    queues.named(queue);
    effects.noteAsked(worker);
    const course = this.#course(completed);
    for (const id of unpackIds(ids)) {
      const known = tasks.find(id);
      if (known) {
        known.odd = true;
        this.#contradictions.add("completed-again", "", id);
        continue;
      }
      sums.published++;
      sums.confirmed++;
      sums.delivered++;
      tasks.finish(id, course);
      const task = tasks.kept(id);
      if (task) task.events = plus(task.events, event);
    }
  }

  /** Its ack stood: nothing came after it. */
  #course({ publisher, target, mandatory, worker, queue }: CompletedTasks): Course {
    let channel = this.#channels.get(worker);
    if (channel === undefined) {
      channel = new Channel({ subject: worker, connection: 0, channel: 0 });
      this.#channels.set(worker, channel);
    }
    const acked = this.#books.tasks.acksStandSince + 1;
    return { publisher, target, mandatory, channel, queue, acked };
  }
}
