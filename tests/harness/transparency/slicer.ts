import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import type { Address } from "../../../harness/broker/connect.ts";
import { type Source, until } from "../../../harness/until.ts";

const LOOPBACK = "127.0.0.1";

/** Milliseconds. A slice takes a fraction of one. */
const DEADLINE = 5_000;

/**
 * The wire on both sides of the link, which hands the link one slice at a time: the next one only
 * when the last has come out on the other side. So the link reads exactly these slices, and no
 * socket joins them again. It also holds the link to passing bytes on as they come.
 *
 * For one connection at a time.
 */
export class Slicer {
  readonly toBroker: Passage;
  readonly toClient: Passage;
  /** Rejects when a slice does not come out of the link. */
  readonly failed: Promise<never>;
  readonly #servers: Server[] = [];
  readonly #sockets: Socket[] = [];
  readonly #broker: Address;

  /** @param size bytes of a slice. */
  constructor(broker: Address, size: number) {
    this.#broker = broker;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.failed.catch(() => {}); // Also where nobody waits for it.
    this.toBroker = new Passage(size, reject);
    this.toClient = new Passage(size, reject);
  }

  /** Opens the side that the link takes for the broker. */
  async openBack(): Promise<Address> {
    return this.#listen((fromLink) => {
      const broker = this.#connect(this.#broker);
      this.toBroker.leave(fromLink, broker);
      this.toClient.enter(broker, fromLink);
    });
  }

  /** Opens the side that the client takes for the broker. */
  async openFront(link: Address): Promise<Address> {
    return this.#listen((client) => {
      const toLink = this.#connect(link);
      this.toBroker.enter(client, toLink);
      this.toClient.leave(toLink, client);
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  async #listen(accept: (socket: Socket) => void): Promise<Address> {
    const server = createServer({ allowHalfOpen: true }, (socket) => accept(this.#keep(socket)));
    this.#servers.push(server);
    server.listen(0, LOOPBACK);
    await once(server, "listening");
    return { host: LOOPBACK, port: (server.address() as AddressInfo).port };
  }

  #connect(address: Address): Socket {
    return this.#keep(createConnection({ ...address, allowHalfOpen: true }));
  }

  #keep(socket: Socket): Socket {
    socket.setNoDelay(true);
    socket.on("error", () => {}); // The end that follows is passed on.
    this.#sockets.push(socket);
    return socket;
  }
}

/** One direction: in slices into the link, and out of it as it comes. */
class Passage implements Source {
  entered = 0;
  left = 0;
  readonly #size: number;
  readonly #fail: (reason: unknown) => void;
  readonly #enteredHash: Hash = createHash("sha256");
  readonly #leftHash: Hash = createHash("sha256");
  readonly #listeners = new Set<() => void>();
  #turn: Promise<void> = Promise.resolve();

  constructor(size: number, fail: (reason: unknown) => void) {
    this.#size = size;
    this.#fail = fail;
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** What came out is what went in. Ask once, at the end. */
  async isIntact(): Promise<boolean> {
    await this.#turn;
    return this.#enteredHash.digest("hex") === this.#leftHash.digest("hex");
  }

  enter(from: Socket, link: Socket): void {
    const inTurn = (act: () => Promise<void> | void) => {
      this.#turn = this.#turn.then(act).catch(this.#fail);
    };
    from.on("data", (chunk: Buffer) => inTurn(() => this.#slice(chunk, link)));
    from.on("end", () => inTurn(() => void link.end()));
    from.on("close", () => inTurn(() => void link.end())); // A reset is no end.
  }

  leave(link: Socket, to: Socket): void {
    link.on("data", (chunk: Buffer) => {
      this.#leftHash.update(chunk);
      this.left += chunk.length;
      to.write(chunk);
      for (const listener of this.#listeners) listener();
    });
    link.on("end", () => to.end());
    link.on("close", () => to.end());
  }

  async #slice(chunk: Buffer, link: Socket): Promise<void> {
    for (let at = 0; at < chunk.length; at += this.#size) {
      const slice = chunk.subarray(at, at + this.#size);
      this.#enteredHash.update(slice);
      this.entered += slice.length;
      link.write(slice);
      const out = () => this.left >= this.entered;
      await until(`byte ${this.entered} to leave the link`, this, out, { deadline: DEADLINE });
    }
  }
}
