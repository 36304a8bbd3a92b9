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
import { BY_MESSAGE_ID, type Identity } from "./identity.ts";
import { covers, type Impairment, type Scope } from "./impairment.ts";
import { reset } from "./reset.ts";
import { Tap } from "./tap.ts";

export interface Address {
  host: string;
  port: number;
}

/** Where a broker is now; undefined while it is down. */
export type Upstream = () => Address | undefined;

/** One channel of one connection. */
export interface ChannelPlace {
  /** Number of the connection. */
  connection: number;
  channel: number;
}

/** An order to refuse new connections. */
export interface Refusal {
  /** Number of the fault that it belongs to. */
  injection: number;
  scope: Pick<Scope, "subject">;
}

const LOOPBACK = "127.0.0.1";

/**
 * The proxy between the subjects and the broker. Each subject has an address of its own, and one
 * for each node where there are several, which stays the same however often the broker's changes;
 * so the wire knows who speaks.
 */
export class Link {
  readonly #history: History;
  /** By node, in order. A broker that is a single node has no name for it. */
  readonly #upstreams: ReadonlyMap<string | undefined, Upstream>;
  /** By subject and node. */
  readonly #listeners = new Map<string, Server>();
  readonly #taps = new Map<string, Set<Tap>>();
  readonly #holds = new Map<string, Hold[]>();
  readonly #impairments = new Set<Impairment>();
  readonly #refusals = new Set<Refusal>();
  readonly #stemmed = new Set<string>();
  /** How connections to come tell which task a message is about. */
  identity: Identity = BY_MESSAGE_ID;
  /** Is called when a subject's ack or reject has been read, before it is told. */
  beforeAnswer: (subject: string) => void = () => {};
  #connections = 0;

  /** @param upstream the broker, or each node of it by its name. */
  constructor(history: History, upstream: Upstream | ReadonlyMap<string, Upstream>) {
    this.#history = history;
    this.#upstreams = typeof upstream === "function" ? new Map([[undefined, upstream]]) : upstream;
  }

  /** The broker's nodes, in order; one without a name where it is a single node. */
  get nodes(): (string | undefined)[] {
    return [...this.#upstreams.keys()];
  }

  /**
   * Opens a subject's address, or finds it again.
   *
   * @param node the one that it leads to; the first when left out.
   */
  async open(subject: string, node = this.nodes[0]): Promise<Address> {
    const key = JSON.stringify([subject, node]);
    let server = this.#listeners.get(key);
    if (!server) {
      server = createServer({ allowHalfOpen: true }, (client) =>
        this.#accept(subject, node, client),
      );
      this.#listeners.set(key, server);
      server.listen(0, LOOPBACK);
    }
    if (!server.listening) await once(server, "listening");
    return { host: LOOPBACK, port: (server.address() as AddressInfo).port };
  }

  /** Opens a subject's address for each node, in order. */
  openAll(subject: string): Promise<Address[]> {
    return Promise.all(this.nodes.map((node) => this.open(subject, node)));
  }

  /** Arms a hold. It acts on the very method that it names, once. */
  hold(match: Match): Hold {
    const hold = new Hold(match);
    this.#armed(match.subject).push(hold);
    return hold;
  }

  /**
   * Resets every connection within a scope, on both sides; returns how many there were that the
   * broker had not ended already.
   */
  reset(scope: Scope): number {
    return this.#endAll(scope, (tap) => tap.reset());
  }

  /**
   * Ends every connection within a scope on both sides, in order and without a goodbye, as a load
   * balancer does; returns how many there were that the broker had not ended already.
   */
  hangUp(scope: Scope): number {
    return this.#endAll(scope, (tap) => tap.hangUp());
  }

  /**
   * Impairs every connection within the impairment's scope, present and future, until it is
   * healed. Impairments add up. A `cut-after` is over when it has cut one connection.
   */
  impair(impairment: Impairment): void {
    this.#impairments.add(impairment);
    for (const tap of this.#within(impairment.scope)) tap.impair(impairment);
  }

  /** Ends an impairment. Connections of which it has swallowed bytes are reset. */
  heal(impairment: Impairment): void {
    if (!this.#impairments.delete(impairment)) return;
    for (const tap of this.#within(impairment.scope)) tap.heal(impairment);
  }

  /** Refuses every new connection of a subject (or of all), until the refusal is lifted. */
  refuse(refusal: Refusal): void {
    this.#refusals.add(refusal);
  }

  lift(refusal: Refusal): void {
    this.#refusals.delete(refusal);
  }

  /**
   * Keeps a subject waiting: nothing more is read of what it sends, on any connection, until it may
   * go on. No fault: its network is full, and TCP says so.
   */
  stem(subject: string, isStemmed: boolean): void {
    if (this.#stemmed.has(subject) === isStemmed) return;
    if (isStemmed) this.#stemmed.add(subject);
    else this.#stemmed.delete(subject);
    for (const tap of this.#within({ subject })) tap.stem(isStemmed);
  }

  /**
   * Acks a delivery in the client's place, which must not ack it as well: it has never had it, or
   * is about to die. Resolves once the broker has processed the ack, as no other ack does; never,
   * if the connection ends before.
   *
   * @throws {Error} when there is no such connection.
   */
  forgeAck({ connection, channel, tag }: ChannelPlace & { tag: number }): Promise<void> {
    return this.#tapOf(connection).forgeAck(channel, tag);
  }

  /**
   * Makes the broker close a channel for a failed precondition (406): in the client's place, it asks
   * for a queue that can't be.
   *
   * @throws {Error} when there is no such connection.
   */
  provokeClose({ connection, channel }: ChannelPlace): void {
    this.#tapOf(connection).provokeClose(channel);
  }

  /** How many connections of a subject the broker has not ended. */
  connections(subject: string): number {
    return this.#within({ subject }).filter((tap) => !tap.isClosed).length;
  }

  async close(): Promise<void> {
    const servers = [...this.#listeners.values()];
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const taps of this.#taps.values()) for (const tap of taps) tap.destroy();
    await Promise.all(closed);
  }

  #accept(subject: string, node: string | undefined, client: Socket): void {
    const address = this.#upstreams.get(node)?.();
    client.on("error", () => {}); // A reset is an end like any other.
    if (!address || this.#isRefused(subject)) {
      reset(client);
      return;
    }
    const taps = this.#taps.get(subject) ?? new Set();
    const upstream = createConnection({ ...address, allowHalfOpen: true });
    const tap = new Tap({
      history: this.#history,
      subject,
      ...(node === undefined ? {} : { node }),
      connection: ++this.#connections,
      identity: this.identity,
      client,
      upstream,
      holds: () => this.#armed(subject),
      disarm: (hold) => this.#disarm(subject, hold),
      beforeAnswer: () => this.beforeAnswer(subject),
      struck: (impairment) => {
        if (impairment.harm.kind === "cut-after") this.heal(impairment);
      },
      ended: () => taps.delete(tap),
    });
    this.#taps.set(subject, taps.add(tap));
    if (this.#stemmed.has(subject)) tap.stem(true);
    for (const impairment of this.#impairments) {
      if (covers(impairment.scope, subject, tap.connection)) tap.impair(impairment);
    }
  }

  #endAll(scope: Scope, end: (tap: Tap) => void): number {
    const taps = this.#within(scope);
    const open = taps.filter((tap) => !tap.isClosed).length;
    for (const tap of taps) end(tap);
    return open;
  }

  #isRefused(subject: string): boolean {
    const refusals = [...this.#refusals].filter(({ scope }) => covers(scope, subject, 0));
    for (const { injection } of refusals) {
      this.#history.record({ type: "connection-refused", subject, injection });
    }
    return refusals.length > 0;
  }

  #within(scope: Scope): Tap[] {
    const all = [...this.#taps.values()].flatMap((taps) => [...taps]);
    return all.filter(({ subject, connection }) => covers(scope, subject, connection));
  }

  #tapOf(connection: number): Tap {
    const [tap] = this.#within({ connection });
    if (!tap || tap.isClosed) throw new Error(`There is no connection ${connection} any more`);
    return tap;
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
