import type { EventOf, Holdable } from "../history/event.ts";
import type { Reader, Readings } from "./reading.ts";

/** Follows what the link holds. */
export class Holds implements Reader {
  readonly #open = new Map<number, EventOf<"held">>();

  readonly reads: Readings = {
    held: (event) => {
      this.#open.set(event.hold, event);
    },
    "hold-ended": (event) => {
      this.#open.delete(event.hold);
    },
  };

  /** Is such a method of this task held, at this subject (`null`: at any)? */
  isHeld(what: Holdable, task: string, subject: string | null): boolean {
    return this.open().some(
      (hold) =>
        hold.what === what &&
        hold.tasks.includes(task) &&
        (subject === null || hold.subject === subject),
    );
  }

  open(): EventOf<"held">[] {
    return [...this.#open.values()];
  }
}
