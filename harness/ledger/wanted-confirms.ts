import type { Event, EventOf } from "../history/event.ts";
import { CutOff } from "./cut-off.ts";
import { Dispatch, type Reader, type Readings } from "./reading.ts";
import { Standstill } from "./standstill.ts";
import { tagsNamed } from "./tags.ts";
import type { Want } from "./waits.ts";

/** The publishes of one connection that await their answer: by channel, their tags in order. */
interface Owed {
  readonly subject: string;
  readonly byChannel: Map<number, Set<number>>;
}

type Answer = EventOf<"publish-confirmed"> | EventOf<"publish-refused">;

/** Follows who wants a confirm; see `availabilityOf`. */
export class WantedConfirms implements Want, Reader {
  readonly #owed = new Map<number, Owed>();
  readonly #cutOff = new CutOff<true>();
  readonly #standstill = new Standstill();
  /** Where each subject's last publish stands in the history. */
  readonly #lastPublish = new Map<string, number>();

  constructor(events: readonly Event[]) {
    for (const event of events) {
      const asks = event.type === "published" && event.tag !== null;
      if (asks) this.#lastPublish.set(event.subject, event.seq);
    }
  }

  readonly reads: Readings = {
    published: (event) => {
      if (event.tag !== null) this.#tagsOf(event).add(event.tag);
    },
    "publish-confirmed": (event) => {
      this.#answered(event);
      if (event.dropped !== true) this.#cutOff.regains(event.subject);
    },
    "publish-refused": (event) => this.#answered(event),
    "channel-closed": (event) => {
      const isLoss = this.#owed.get(event.connection)?.byChannel.delete(event.channel) ?? false;
      if (event.by !== "client") this.#lost(event, isLoss);
    },
    "connection-closed": (event) => {
      const isLoss = this.#owed.delete(event.connection);
      if (!(event.clean && event.by === "client")) this.#lost(event, isLoss);
    },
    "process-exited": ({ subject }) => {
      for (const [connection, owed] of this.#owed) {
        if (owed.subject === subject) this.#owed.delete(connection);
      }
    },
  };

  readonly #dispatch = new Dispatch([this.#cutOff, this.#standstill, this]);

  see(event: Event): void {
    this.#dispatch.send(event);
  }

  get isWanted(): boolean {
    if (this.#cutOff.losses.size > 0) return true;
    for (const [connection, { byChannel }] of this.#owed) {
      if (byChannel.size > 0 && !this.#standstill.includes(connection)) return true;
    }
    return false;
  }

  isAnswer(event: Event): boolean {
    return event.type === "publish-confirmed" && event.dropped !== true;
  }

  #tagsOf({ subject, connection, channel }: EventOf<"published">): Set<number> {
    const owed = this.#owed.get(connection) ?? { subject, byChannel: new Map() };
    this.#owed.set(connection, owed);
    const tags = owed.byChannel.get(channel) ?? new Set();
    owed.byChannel.set(channel, tags);
    return tags;
  }

  #answered(event: Answer): void {
    const { connection, channel, dropped } = event;
    const byChannel = this.#owed.get(connection)?.byChannel;
    const tags = byChannel?.get(channel);
    if (byChannel === undefined || tags === undefined || dropped === true) return;
    for (const tag of tagsNamed(tags, event)) tags.delete(tag);
    if (tags.size === 0) byChannel.delete(channel);
    if (byChannel.size === 0) this.#owed.delete(connection);
  }

  /** A producer that awaited an answer is cut off from it; one that goes on later, from the rest. */
  #lost({ subject, seq }: { subject: string; seq: number }, isLoss: boolean): void {
    const goesOn = (this.#lastPublish.get(subject) ?? 0) > seq;
    if (isLoss || goesOn) this.#cutOff.loses(subject, true);
  }
}
