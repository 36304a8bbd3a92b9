import { once } from "node:events";
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import type { History } from "../history/history.ts";
import { Hold, type Match } from "./hold.ts";
import { Tap } from "./tap.ts";

export interface Address {
  host: string;
  port: number;
}

const LOOPBACK = "127.0.0.1";

/**
 * The proxy between the subjects and the broker. Each subject has an address of its own, which
 * stays the same however often the broker's changes; so the wire knows who speaks.
 */
export class Link {
  readonly #history: History;
  readonly #upstream: () => Address | undefined;
  readonly #listeners = new Map<string, Server>();
  readonly #taps = new Map<string, Set<Tap>>();
  readonly #holds = new Map<string, Hold[]>();
  #connections = 0;

  /** @param upstream where the broker is now; undefined while it is down. */
  constructor(history: History, upstream: () => Address | undefined) {
    this.#history = history;
    this.#upstream = upstream;
  }

  /** Opens a subject's address, or finds it again. */
  async open(subject: string): Promise<Address> {
    let server = this.#listeners.get(subject);
    if (!server) {
      server = createServer({ allowHalfOpen: true }, (client) => this.#accept(subject, client));
      this.#listeners.set(subject, server);
      server.listen(0, LOOPBACK);
    }
    if (!server.listening) await once(server, "listening");
    return { host: LOOPBACK, port: (server.address() as AddressInfo).port };
  }

  /** Arms a hold. It acts on the very method that it names, once. */
  hold(match: Match): Hold {
    const hold = new Hold(match);
    this.#armed(match.subject).push(hold);
    return hold;
  }

  /** Cuts every connection of a subject; returns how many there were. */
  cut(subject: string): number {
    const taps = [...(this.#taps.get(subject) ?? [])];
    for (const tap of taps) tap.cut();
    return taps.length;
  }

  /** How many connections of a subject have not ended on both sides. */
  connections(subject: string): number {
    return this.#taps.get(subject)?.size ?? 0;
  }

  async close(): Promise<void> {
    const servers = [...this.#listeners.values()];
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const taps of this.#taps.values()) for (const tap of taps) tap.destroy();
    await Promise.all(closed);
  }

  #accept(subject: string, client: Socket): void {
    const address = this.#upstream();
    client.on("error", () => {}); // A reset is an end like any other.
    if (!address) {
      client.resetAndDestroy();
      return;
    }
    const taps = this.#taps.get(subject) ?? new Set();
    const upstream = createConnection({ ...address, allowHalfOpen: true });
    const tap = new Tap({
      history: this.#history,
      subject,
      connection: ++this.#connections,
      client,
      upstream,
      holds: () => this.#armed(subject),
      disarm: (hold) => this.#disarm(subject, hold),
      ended: () => taps.delete(tap),
    });
    this.#taps.set(subject, taps.add(tap));
  }

  #armed(subject: string): Hold[] {
    let holds = this.#holds.get(subject);
    if (!holds) {
      holds = [];
      this.#holds.set(subject, holds);
    }
    return holds;
  }

  #disarm(subject: string, hold: Hold): void {
    const holds = this.#armed(subject);
    holds.splice(holds.indexOf(hold), 1);
  }
}
