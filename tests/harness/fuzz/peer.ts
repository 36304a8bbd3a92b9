import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Address } from "../../../harness/link/link.ts";
import { until, within } from "../../../harness/until.ts";
import { DEADLINE } from "./link-process.ts";

/** One end of a connection, with all that it has received. */
export class Peer {
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;
  readonly #received: Buffer[] = [];
  #length = 0;
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => {}); // A reset is an end like any other.
    socket.on("data", (bytes: Buffer) => {
      this.#received.push(bytes);
      this.#length += bytes.length;
    });
    this.closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.once("close", () => {
      this.#isClosed = true;
    });
  }

  static async connect({ host, port }: Address): Promise<Peer> {
    const socket = connect({ host, port });
    const peer = new Peer(socket);
    await within("a connection", once(socket, "connect"), DEADLINE);
    return peer;
  }

  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  /** Bytes received. */
  get length(): number {
    return this.#length;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Echoes nothing but a sign of life, to whatever comes. */
  answerWith(sign: Buffer): void {
    this.#socket.on("data", () => this.write(sign));
  }

  /** Until so many bytes have come, or what has come is enough, or no more can come. */
  async until(what: string, enough: (peer: Peer) => boolean): Promise<void> {
    const found = () => this.#isClosed || enough(this);
    const source = {
      subscribe: (changed: () => void) => {
        this.#socket.on("data", changed).on("close", changed);
        return () => this.#socket.off("data", changed).off("close", changed);
      },
    };
    await until(what, source, found, {
      deadline: DEADLINE,
      lastSeen: () => `${this.#length} bytes: ${this.received.toString("hex", 0, 200)}`,
    });
  }
}

/** A server that says nothing by itself: a test speaks for it, one connection at a time. */
export class FakeBroker {
  readonly #server: Server;
  readonly #arrived: Peer[] = [];
  #tell: (() => void) | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#arrived.push(new Peer(socket));
      this.#tell?.();
    });
  }

  static async listen(): Promise<FakeBroker> {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new FakeBroker(server);
  }

  get address(): Address {
    const address = this.#server.address();
    if (!address || typeof address === "string") throw new Error("It does not listen");
    return { host: "127.0.0.1", port: address.port };
  }

  /** The next connection that has come, or will come. */
  async accept(): Promise<Peer> {
    const source = {
      subscribe: (changed: () => void) => {
        this.#tell = changed;
        return () => {
          this.#tell = undefined;
        };
      },
    };
    return until("a connection to the fake broker", source, () => this.#arrived.shift(), {
      deadline: DEADLINE,
    });
  }

  close(): void {
    this.#server.close();
  }
}
