import { type NetworkTarget, scopeOf } from "../faults/network-target.ts";
import type { Event, EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { covers } from "../link/impairment.ts";

/** A broker's reason for closing, as the wire saw it. */
export interface Refusal {
  scope: "channel" | "connection";
  code: number;
  text: string;
}

/** What the witnesses have seen of each subject, or of one connection of it, so far. */
export class Observed {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  /** The tasks delivered to a subject, in order, each as often as it was delivered. */
  deliveredTo(whom: NetworkTarget): string[] {
    return this.#tasks((event) =>
      event.type === "delivered" && isOf(whom, event) ? [event.task] : [],
    );
  }

  /** The tasks delivered to a subject with the redelivered flag, in order. */
  redeliveredTo(whom: NetworkTarget): string[] {
    return this.#tasks((event) =>
      event.type === "delivered" && isOf(whom, event) && event.redelivered ? [event.task] : [],
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
  ackedBy(whom: NetworkTarget): string[] {
    return this.#tasks((event) =>
      event.type === "acked" && isOf(whom, event) && !event.dropped ? event.tasks : [],
    );
  }

  /** The tasks that a subject has been sent and has not acked, in order of delivery. */
  unackedBy(whom: NetworkTarget): string[] {
    const acked = new Set(this.ackedBy(whom));
    return [...new Set(this.deliveredTo(whom))].filter((task) => !acked.has(task));
  }

  /** The connections on which the broker has registered a consumer of a subject, in order. */
  consumingOn(subject: string): number[] {
    return this.#connections("consuming", subject);
  }

  /** The connections of a subject that have ended, in order. */
  endedOf(subject: string): number[] {
    return this.#connections("connection-closed", subject);
  }

  /** How often a subject was refused a connection. */
  refusalsOf(subject: string): number {
    return this.#history.events.filter(
      (event) => event.type === "connection-refused" && event.subject === subject,
    ).length;
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

  #connections(type: "consuming" | "connection-closed", subject: string): number[] {
    return this.#history.events.flatMap((event) =>
      event.type === type && event.subject === subject ? [event.connection] : [],
    );
  }

  #tasks(pick: (event: Event) => readonly (string | null)[]): string[] {
    return this.#history.events.flatMap(pick).map((task) => task ?? "(no id)");
  }
}

function isOf(whom: NetworkTarget, { subject, connection }: EventOf<"delivered" | "acked">) {
  return covers(scopeOf(whom), subject, connection);
}
