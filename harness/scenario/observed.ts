import { type NetworkTarget, scopeOf } from "../faults/network-target.ts";
import type { Event, EventOf, Party } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { covers } from "../link/impairment.ts";

/** The code of a close that is no complaint. */
const REPLY_SUCCESS = 200;

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

  /** The tasks whose effect was refused to a subject, in order. */
  refusedTo(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "effect-refused" && event.subject === subject ? [event.task] : [],
    );
  }

  /** The tasks that a subject has published, in order. */
  publishedBy(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "published" && event.subject === subject ? [event.task] : [],
    );
  }

  /** Does a publish of a subject stand in the link, and so maybe others behind it? */
  isHeldPublishing(subject: string): boolean {
    const ended = new Set(
      this.#history.events.flatMap((event) => (event.type === "hold-ended" ? event.hold : [])),
    );
    return this.#history.events.some(
      (event) =>
        event.type === "held" &&
        event.what === "publish" &&
        event.subject === subject &&
        !ended.has(event.hold),
    );
  }

  /** The tasks confirmed to a subject, in the order of the confirms. */
  confirmedTo(subject: string): string[] {
    return this.#tasks((event) =>
      event.type === "publish-confirmed" && event.subject === subject ? event.tasks : [],
    );
  }

  /** What a task's producers have heard from the broker about it, in order. */
  answersTo(task: string): string[] {
    return this.#history.events.flatMap((event) => {
      if ("dropped" in event) return [];
      if (event.type === "publish-returned" && event.task === task) {
        return [`returned: ${event.code} ${event.text}`];
      }
      if (event.type === "publish-confirmed" && event.tasks.includes(task)) return ["confirmed"];
      if (event.type === "publish-refused" && event.tasks.includes(task)) return ["refused"];
      return [];
    });
  }

  /** The connections on which the broker has registered a consumer of a subject, in order. */
  consumingOn(subject: string): number[] {
    return this.#connections("consuming", subject);
  }

  /** The connections that a subject has made, in order. */
  openedOf(subject: string): number[] {
    return this.#connections("connection-opened", subject);
  }

  /** The nodes of a cluster that a subject has connected to, in order: where it got an answer. */
  nodesOf(subject: string): string[] {
    const answered = new Set(this.#connections("client-identified", subject));
    return this.#history.events.flatMap((event) => {
      if (event.type !== "connection-opened" || !answered.has(event.connection)) return [];
      return event.node === undefined ? [] : [event.node];
    });
  }

  /** The connections of a subject that have ended, in order. */
  endedOf(subject: string): number[] {
    return this.#connections("connection-closed", subject);
  }

  /** Has the broker ended every connection that a subject has made? */
  isAway(subject: string): boolean {
    return this.endedOf(subject).length === this.openedOf(subject).length;
  }

  /** How often a subject was refused a connection. */
  refusalsOf(subject: string): number {
    return this.#history.events.filter(
      (event) => event.type === "connection-refused" && event.subject === subject,
    ).length;
  }

  /** The channels and connections of a subject that the broker has closed, with its reasons. */
  closedByBroker(subject: string, since = 0): Refusal[] {
    return this.#closed("broker", subject, since);
  }

  /** The channels and connections that a subject's client library has closed for a mistake. */
  closedByClient(subject: string): Refusal[] {
    const closed = this.#closed("client", subject, 0);
    return closed.filter(({ code }) => code !== REPLY_SUCCESS);
  }

  #closed(by: Party, subject: string, since: number): Refusal[] {
    return this.#history.events.slice(since).flatMap((event) => {
      if (event.type !== "channel-closed" && event.type !== "connection-closed") return [];
      if (event.subject !== subject || event.by !== by || event.code === undefined) return [];
      const scope = event.type === "channel-closed" ? "channel" : "connection";
      return [{ scope, code: event.code, text: event.text ?? "" }];
    });
  }

  #connections(
    type: "consuming" | "connection-opened" | "connection-closed" | "client-identified",
    subject: string,
  ): number[] {
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
