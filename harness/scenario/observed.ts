import type { Event } from "../history/event.ts";
import type { History } from "../history/history.ts";

/** A broker's reason for closing, as the wire saw it. */
export interface Refusal {
  scope: "channel" | "connection";
  code: number;
  text: string;
}

/** What the witnesses have seen of each subject so far. */
export class Observed {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  /** The tasks delivered to a subject, in order, each as often as it was delivered. */
  deliveredTo(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "delivered" && event.subject === subject ? [event.task] : [],
    );
  }

  /** The tasks delivered to a subject with the redelivered flag, in order. */
  redeliveredTo(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "delivered" && event.subject === subject && event.redelivered
        ? [event.task]
        : [],
    );
  }

  /** The tasks whose effect a subject has asked for, in order: it is, or was, mid-task. */
  askedBy(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "effect-requested" && event.subject === subject ? [event.task] : [],
    );
  }

  /** The tasks whose effect a subject has done, in order. */
  effectsOf(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "effect-done" && event.subject === subject ? [event.task] : [],
    );
  }

  /** The tasks that a subject has acked, in order, as far as the broker was sent the acks. */
  ackedBy(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "acked" && event.subject === subject && !event.dropped ? event.tasks : [],
    );
  }

  /** The tasks that a subject has been sent and has not acked, in order of delivery. */
  unackedBy(subject: string): string[] {
    const acked = new Set(this.ackedBy(subject));
    return [...new Set(this.deliveredTo(subject))].filter((task) => !acked.has(task));
  }

  /** The channels and connections of a subject that the broker has closed, with its reasons. */
  closedByBroker(subject: string, since = 0): Refusal[] {
    return this.#history.events.slice(since).flatMap((event) => {
      if (event.type !== "channel-closed" && event.type !== "connection-closed") return [];
      if (event.subject !== subject || event.by !== "broker" || event.code === undefined) return [];
      const scope = event.type === "channel-closed" ? "channel" : "connection";
      return [{ scope, code: event.code, text: event.text ?? "" }];
    });
  }

  #tasks(pick: (event: Event) => readonly (string | null)[]): string[] {
    return this.#history.events.flatMap(pick).map((task) => task ?? "(no id)");
  }
}
