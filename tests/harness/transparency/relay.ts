import { once } from "node:events";
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import type { Address } from "../../../harness/broker/connect.ts";
import type { Source } from "../../../harness/until.ts";
import { FrameCounter } from "./frame-counter.ts";

const LOOPBACK = "127.0.0.1";

/** A stretch of wire that knows no AMQP beyond counting heartbeats, and that can be cut. */
export class Relay implements Source {
  readonly fromClient = new FrameCounter();
  readonly fromBroker = new FrameCounter();
  readonly #server: Server;
  readonly #target: Address;
  readonly #sockets = new Map<Socket, Socket>();
  readonly #listeners = new Set<() => void>();

  private constructor(target: Address) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  static async open(target: Address): Promise<Relay> {
    const relay = new Relay(target);
    relay.#server.listen(0, LOOPBACK);
    await once(relay.#server, "listening");
    return relay;
  }

  get address(): Address {
    return { host: LOOPBACK, port: (this.#server.address() as AddressInfo).port };
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Resets every connection, on both sides. */
  reset(): void {
    for (const [client, upstream] of this.#sockets) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** Ends every connection on both sides, in order and without a goodbye. */
  hangUp(): void {
    for (const [client, upstream] of this.#sockets) {
      client.end();
      upstream.end();
    }
  }

  close(): void {
    for (const [client, upstream] of this.#sockets) {
      client.destroy();
      upstream.destroy();
    }
    this.#server.close();
  }

  #accept(client: Socket): void {
    const upstream = createConnection({ ...this.#target, allowHalfOpen: true });
    this.#sockets.set(client, upstream);
    this.#pass(client, upstream, this.fromClient);
    this.#pass(upstream, client, this.fromBroker);
    client.on("close", () => this.#sockets.delete(client));
  }

  #pass(from: Socket, to: Socket, counter: FrameCounter): void {
    from.setNoDelay(true);
    from.on("error", () => {}); // "close" follows.
    from.on("close", () => to.end());
    from.on("data", (chunk: Buffer) => {
      to.write(chunk);
      counter.feed(chunk);
      for (const listener of this.#listeners) listener();
    });
    from.on("end", () => to.end());
  }
}
