import type { Event, EventOf } from "../history/event.ts";
import { CutOff } from "./cut-off.ts";
import { Dispatch, type Reader, type Readings } from "./reading.ts";
import { Standstill } from "./standstill.ts";
import { tagsNamed } from "./tags.ts";
import { Want, type WantChange } from "./want.ts";

/** The publishes of one connection that await their answer: by channel, their tags in order. */
interface Owed {
  readonly subject: string;
  readonly byChannel: Map<number, Set<number>>;
}

/** A program was cut off: from an answer that it awaited, or from publishing, if it goes on. */
interface Loss extends WantChange {
  counts: boolean;
}

type Answer = EventOf<"publish-confirmed"> | EventOf<"publish-refused">;

/** Follows who wants a confirm; see `Availabilities`. */
export class WantedConfirms implements Reader {
  readonly want: Want;
  readonly #owed = new Map<number, Owed>();
  readonly #standstill = new Standstill(() => {
    this.#isToReview = true;
  });
  readonly #cutOff = new CutOff<Loss>((subject, loss) => this.#cut(subject, loss));
  /** By subject, losses that count if it publishes again. */
  readonly #open = new Map<string, Loss[]>();
  /** The event that is being read. */
  #now: Event = { type: "broker-up", boot: "", version: "", seq: 0, at: 0 };
  #isOwed = false;
  /** Who owes what, or what stands still, is not as it was. */
  #isToReview = false;

  /** As of the changes that were applied. */
  #wasOwed = false;
  readonly #lost = new Set<string>();

  constructor() {
    this.want = new Want(() => this.#wasOwed || this.#lost.size > 0);
  }

  readonly reads: Readings = {
    published: (event) => {
      if (event.tag === null) return;
      this.#tagsOf(event).add(event.tag);
      if (this.#open.size > 0) this.#goesOn(event.subject);
    },
    "publish-confirmed": (event) => {
      this.#answered(event);
      if (event.dropped === true) return;
      this.#cutOff.regains(event.subject);
      this.want.answers(event);
    },
    "publish-refused": (event) => this.#answered(event),
    "channel-closed": (event) => {
      this.#isToReview = true;
      const isLoss = this.#owed.get(event.connection)?.byChannel.delete(event.channel) ?? false;
      if (event.by !== "client") this.#loses(event.subject, isLoss);
    },
    "connection-closed": (event) => {
      this.#isToReview = true;
      const isLoss = this.#owed.delete(event.connection);
      if (!(event.clean && event.by === "client")) this.#loses(event.subject, isLoss);
    },
    "process-exited": ({ subject }) => {
      this.#isToReview = true;
      for (const [connection, owed] of this.#owed) {
        if (owed.subject === subject) this.#owed.delete(connection);
      }
    },
  };

  readonly #dispatch = new Dispatch([this.#cutOff, this.#standstill, this]);

  see(event: Event): void {
    this.#now = event;
    if (this.#dispatch.send(event) && this.#isToReview) this.#review(event);
    this.want.advance();
  }

  #review(event: Event): void {
    this.#isToReview = false;
    const isOwed = this.#owes();
    if (isOwed === this.#isOwed) return;
    this.#isOwed = isOwed;
    this.want.now(event, isOwed ? this.#begin : this.#end);
  }

  readonly #begin = () => {
    this.#wasOwed = true;
  };

  readonly #end = () => {
    this.#wasOwed = false;
  };

  #owes(): boolean {
    for (const [connection, owed] of this.#owed) {
      if (owed.byChannel.size > 0 && !this.#standstill.includes(connection)) return true;
    }
    return false;
  }

  #tagsOf({ subject, connection, channel }: EventOf<"published">): Set<number> {
    let owed = this.#owed.get(connection);
    if (owed === undefined) {
      owed = { subject, byChannel: new Map() };
      this.#owed.set(connection, owed);
    }
    let tags = owed.byChannel.get(channel);
    if (tags === undefined) {
      tags = new Set();
      owed.byChannel.set(channel, tags);
      this.#isToReview = true;
    }
    return tags;
  }

  #answered(event: Answer): void {
    const { connection, channel, dropped } = event;
    const byChannel = this.#owed.get(connection)?.byChannel;
    const tags = byChannel?.get(channel);
    if (byChannel === undefined || tags === undefined || dropped === true) return;
    if (!event.multiple) tags.delete(event.tag);
    else for (const tag of tagsNamed(tags, event)) tags.delete(tag);
    if (tags.size > 0) return;
    this.#isToReview = true;
    byChannel.delete(channel);
    if (byChannel.size === 0) this.#owed.delete(connection);
  }

  /** A producer that awaited an answer is cut off from it; one that goes on later, from the rest. */
  #loses(subject: string, isLoss: boolean): void {
    const loss: Loss = {
      event: this.#now,
      decided: isLoss,
      counts: isLoss,
      apply: () => {
        if (loss.counts) this.#lost.add(subject);
      },
    };
    this.#cutOff.loses(subject, loss);
  }

  #cut(subject: string, loss: Loss | null): void {
    if (loss === null) {
      this.want.now(this.#now, () => this.#lost.delete(subject));
      return;
    }
    this.want.push(loss);
    if (loss.counts) return;
    const open = this.#open.get(subject) ?? [];
    this.#open.set(subject, [...open.filter(({ decided }) => !decided), loss]);
  }

  #goesOn(subject: string): void {
    for (const loss of this.#open.get(subject) ?? []) {
      loss.counts = true;
      this.want.decide(loss);
    }
    this.#open.delete(subject);
  }
}
