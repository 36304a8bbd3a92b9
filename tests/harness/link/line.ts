import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { test as plainTest } from "vitest";
import type { Event, EventOf } from "../../../harness/history/event.ts";
import { History } from "../../../harness/history/history.ts";
import type { Harm, Impairment, Scope, Towards } from "../../../harness/link/impairment.ts";
import { Link } from "../../../harness/link/link.ts";
import { until } from "../../../harness/until.ts";
import { bodyFrame, protocolHeader } from "../amqp/amqplib-codec.ts";
import { DEADLINE, End } from "./end.ts";

/** A test with a link between plain sockets: the test speaks for both ends, byte by byte. */
export const test = plainTest
  .extend("history", () => new History())
  .extend("line", async ({ history }, { onCleanup }) => {
    const line = await Line.listen(history);
    onCleanup(() => line.close());
    return line;
  });

/** Both ends of one connection through the link. */
export interface Pair {
  client: End;
  broker: End;
  /** The end that receives, and the one that sends, what goes this way. */
  receiver(towards: Towards): End;
  sender(towards: Towards): End;
}

/** A link, a server that stands for the broker, and clients that connect through the link. */
export class Line {
  readonly history: History;
  readonly link: Link;
  readonly #server: Server;
  readonly #arrived: Socket[] = [];
  readonly #ends: End[] = [];
  #injections = 0;

  private constructor(history: History, server: Server) {
    this.history = history;
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.link = new Link(history, () => ({ host: "127.0.0.1", port }));
    server.on("connection", (socket) => this.#arrived.push(socket));
  }

  static async listen(history: History): Promise<Line> {
    const server = createServer({ allowHalfOpen: true });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new Line(history, server);
  }

  /** A client's own end, which may never get anywhere. */
  async dial(subject = "client"): Promise<End> {
    const address = await this.link.open(subject);
    const client = new End(connect({ ...address, allowHalfOpen: true }));
    this.#ends.push(client);
    return client;
  }

  /** Both ends of a new connection. The client has sent its protocol header: frames may follow. */
  async begin(subject = "client"): Promise<Pair> {
    const client = await this.dial(subject);
    client.write(protocolHeader);
    const source = {
      subscribe: (changed: () => void) => {
        this.#server.on("connection", changed);
        return () => this.#server.off("connection", changed);
      },
    };
    const arrived = () => this.#arrived.shift();
    const broker = new End(
      await until("the broker's end", source, arrived, { deadline: DEADLINE }),
    );
    this.#ends.push(broker);
    return {
      client,
      broker,
      receiver: (towards) => (towards === "broker" ? broker : client),
      sender: (towards) => (towards === "broker" ? client : broker),
    };
  }

  /** The same, once the header has come through. */
  async connect(subject = "client"): Promise<Pair> {
    const pair = await this.begin(subject);
    await pair.broker.until("the protocol header", () => pair.broker.isOpened);
    return pair;
  }

  /** Harms both ways of every connection, unless told otherwise. */
  impair(harm: Harm, where: { scope?: Scope; towards?: Towards } = {}): Impairment {
    const { scope = {}, towards } = where;
    const impairment: Impairment = {
      injection: ++this.#injections,
      scope,
      towards: towards ? [towards] : ["broker", "client"],
      harm,
    };
    this.link.impair(impairment);
    return impairment;
  }

  told<T extends Event["type"]>(type: T): EventOf<T>[] {
    return this.history.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Waits until the history has this many events of a type; returns them. */
  eventually<T extends Event["type"]>(type: T, count = 1): Promise<EventOf<T>[]> {
    const found = () => this.told(type).length >= count && this.told(type);
    return until(`${count} times "${type}"`, this.history, found, { deadline: DEADLINE });
  }

  async close(): Promise<void> {
    await this.link.close();
    for (const end of this.#ends) end.destroy();
    for (const socket of this.#arrived) socket.destroy();
    this.#server.close();
  }
}

/** A frame that passes any link, with this text in it. */
export function frame(text: string | Buffer): Buffer {
  return bodyFrame(text);
}
