import type { Fact, Party } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { ConnectionState, type Crossing, type Observed } from "./connection-state.ts";
import { observeBroker, previewBroker } from "./from-broker.ts";
import { observeClient, type Preview, previewClient } from "./from-client.ts";
import type { Identity } from "./identity.ts";

export interface Where {
  subject: string;
  /** Number of the connection, unique in the run. */
  connection: number;
}

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** Tells the history what was seen of one connection. */
export class Witness {
  readonly where: Where;
  readonly #history: History;
  readonly #state: ConnectionState;
  #isClosed = false;

  constructor(history: History, where: Where, identity?: Identity, node?: string) {
    this.#history = history;
    this.#state = new ConnectionState(where.subject, identity);
    this.where = where;
    this.tell({ type: "connection-opened", ...(node === undefined ? {} : { node }) });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  tell(fact: Without<Extract<Fact, Where>, keyof Where>): void {
    this.#history.record({ ...fact, ...this.where } as Fact);
  }

  previewClient(crossing: Crossing): Preview | undefined {
    return previewClient(this.#state, crossing);
  }

  previewBroker(crossing: Crossing): Preview | undefined {
    return previewBroker(this.#state, crossing);
  }

  seeClient(crossing: Crossing, dropped: boolean): void {
    this.#tellObserved(observeClient(this.#state, crossing, dropped), crossing);
  }

  seeBroker(crossing: Crossing, dropped: boolean): void {
    this.#tellObserved(observeBroker(this.#state, crossing, dropped), crossing);
  }

  /** The link has acked a delivery in the client's place: to the broker it is settled. */
  ackForged(channel: number, tag: number): void {
    const [task = null] = this.#state.channel(channel).settled(tag, false);
    this.tell({ type: "ack-forged", channel, task, tag });
  }

  /** The broker has ended the connection, or never took it. Told once. */
  closed(endedBy: Party): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { closing, closedCleanly } = this.#state;
    this.tell({
      type: "connection-closed",
      by: closing?.by ?? endedBy,
      clean: closedCleanly,
      ...(closing ? { code: closing.code, text: closing.text } : {}),
    });
  }

  #tellObserved(observed: Observed | undefined, { channel }: Crossing): void {
    if (observed) this.#history.record({ ...observed, ...this.where, channel } as Fact);
  }
}
