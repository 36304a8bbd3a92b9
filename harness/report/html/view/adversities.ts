import type { EventOf } from "../../../history/event.ts";
import type { Reader, Readings } from "../../../ledger/reading.ts";
import { counted, tasksNamed } from "../../../ledger/words.ts";

/** From here on an HTTP status says that the server failed, and not that the caller did wrong. */
const SERVER_FAILED = 500;

/** What an experiment does to its subjects that is no injected fault: their work is refused. */
export class Adversities implements Reader {
  readonly #poisoned = new Set<string>();
  readonly #failed = new Set<string>();
  /** How often the effect of each task was refused. */
  readonly #refusals = new Map<string, number>();

  readonly reads: Readings = {
    "task-poisoned": ({ task }) => void this.#poisoned.add(task),
    "effect-refused": (event) => this.#refuse(event),
  };

  /** A sentence for each kind of it; empty where nothing was done. */
  get sentences(): string[] {
    const poison = [...this.#poisoned];
    const failed = [...this.#failed].filter((task) => !this.#poisoned.has(task));
    return [
      ...(poison.length > 0
        ? [`Made so that nobody can do it: ${tasksNamed(poison)}.${this.#refused(poison)}`]
        : []),
      ...(failed.length > 0
        ? [
            `Made to fail, as by an API that is overloaded: ${tasksNamed(failed)}.${this.#refused(failed)}`,
          ]
        : []),
    ];
  }

  #refuse({ task, status }: EventOf<"effect-refused">): void {
    this.#refusals.set(task, (this.#refusals.get(task) ?? 0) + 1);
    if (status >= SERVER_FAILED) this.#failed.add(task);
  }

  #refused(tasks: readonly string[]): string {
    const times = tasks.reduce((sum, task) => sum + (this.#refusals.get(task) ?? 0), 0);
    const whose = tasks.length === 1 ? "Its effect was" : "Their effects were";
    return times === 0 ? "" : ` ${whose} refused ${counted(times, "time")}.`;
  }
}
