/** What the link does with bytes that it can't read: it says so, and refuses them. */
import { once } from "node:events";
import {
  type AddressInfo,
  connect as connectSocket,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect } from "vitest";
import { Link } from "../../../harness/link/link.ts";
import { within } from "../../../harness/until.ts";
import { bodyFrame, methodFrame, protocolHeader } from "../amqp/amqplib-codec.ts";
import { ack, type Linked, socketOf, test } from "./linked.ts";

describe("bytes that are not AMQP 0-9-1", () => {
  const header = (text: string) => Buffer.from(text, "latin1");
  const oversized = Buffer.from(bodyFrame("").subarray(0, 7));
  oversized.writeUInt32BE(0x7fff_ffff, 3);
  const wrongEnd = Buffer.from(methodFrame("channel.open"));
  wrongEnd.writeUInt8(0xcf, wrongEnd.length - 1);
  const unreadable = Buffer.from(methodFrame("basic.ack", { deliveryTag: 1 }));
  unreadable.writeUInt16BE(40, 9); // It calls itself basic.publish, and is too short for one.

  const OPENINGS: [string, Buffer, string][] = [
    ["noise", Buffer.from(Array.from({ length: 64 }, (_, n) => (n * 197 + 31) % 256)), "not AMQP"],
    ["HTTP", header("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "not AMQP"],
    ["TLS", header("\x16\x03\x01\x02\x00\x01\x00\x01"), "TLS, which is not covered"],
    ["AMQP 1.0", header("AMQP\x00\x01\x00\x00"), "AMQP 1.0, which is not covered"],
    ["AMQP 1.0 with SASL", header("AMQP\x03\x01\x00\x00"), "AMQP 1.0, which is not covered"],
    ["a frame without an end", Buffer.concat([protocolHeader, oversized]), "over the limit"],
    ["a frame with a wrong end", Buffer.concat([protocolHeader, wrongEnd]), "end octet"],
  ];

  /** Sends bytes to the link, and waits until it has closed the connection. */
  async function send({ link }: Linked, bytes: Buffer): Promise<void> {
    const { host, port } = await link.open("stranger");
    const socket = connectSocket(port, host, () => socket.write(bytes));
    socket.on("error", () => {}); // A reset is what is expected.
    socket.resume();
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    await within("the link to close the connection", closed, 10_000);
  }

  test.for(OPENINGS)(
    "%s: refused and said so, and nobody else is harmed",
    async ([, bytes, words], { linked }) => {
      const bystander = await (await linked.openThroughLink("stranger")).createConfirmChannel();
      await send(linked, bytes);
      const where = { subject: "stranger", connection: 2 };
      const violation = await linked.eventually("protocol-violation");
      expect(violation).toMatchObject({ by: "client", ...where });
      expect(violation.text).toContain(words);
      expect(await linked.eventually("connection-closed")).toMatchObject({
        by: "link",
        clean: false,
        ...where,
      });
      bystander.sendToQueue(linked.queue, Buffer.from("?"));
      await bystander.waitForConfirms();
      expect(linked.link.connections("stranger")).toBe(1);
    },
  );

  test.for([
    ["a wrong frame end", wrongEnd],
    ["an oversized frame", oversized],
    ["a method that can't be read", unreadable],
  ] as const)("%s in the middle of a stream, behind a held ack", async ([, bytes], { linked }) => {
    await linked.store("t1");
    const { landed } = linked.link.hold({ subject: "client", what: "ack" });
    const { connection } = await linked.consume(ack);
    await landed;
    const closed = new Promise((resolve) => connection.once("close", resolve));
    socketOf(connection).write(bytes);
    await within("the client to be cut off", closed, 10_000);
    await linked.eventually("connection-closed");
    expect(linked.told("protocol-violation")).toHaveLength(1);
    expect(linked.told("hold-ended")).toMatchObject([{ outcome: "dropped" }]);
    expect(await linked.next()).toEqual({ task: "t1", redelivered: true });
  });

  test("from the broker's side: both are cut off, and it is said whose they were", async ({
    linked,
  }) => {
    const sockets: Socket[] = [];
    // It never hangs up by itself.
    const impostor = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket.on("error", () => {}).resume());
      socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    impostor.listen(0, "127.0.0.1");
    await once(impostor, "listening");
    const other = new Link(linked.history, () => ({ host: "127.0.0.1", port: portOf(impostor) }));
    await expect(linked.open(await other.open("client"))).rejects.toThrow();
    expect(await linked.eventually("protocol-violation")).toMatchObject({ by: "broker" });
    expect(await linked.eventually("connection-closed")).toMatchObject({
      by: "link",
      clean: false,
    });
    await other.close();
    for (const socket of sockets) socket.destroy();
    impostor.close();
  });
});

describe("a client of what is not covered is told so, before it is refused", () => {
  test.for(["TLSv1.2", "TLSv1.3"] as const)("%s", async (version, { linked }) => {
    const address = await linked.link.open("stranger");
    const client = connectTls({ ...address, minVersion: version, maxVersion: version });
    const [error] = await within("the client's error", once(client, "error"), 10_000);
    client.destroy();
    expect(error).toMatchObject({ code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
    const { text } = await linked.eventually("protocol-violation");
    expect(text).toContain("TLS, which is not covered (use amqp://, not amqps://)");
  });

  test.for([
    ["AMQP 1.0", "AMQP\x00\x01\x00\x00", "AMQP 1.0, which is not covered"],
    ["AMQP 1.0 with SASL", "AMQP\x03\x01\x00\x00", "AMQP 1.0, which is not covered"],
    ["AMQP 0-8", "AMQP\x01\x01\x08\x00", "another AMQP version, which is not covered"],
    // It has already sent more than its header, as a client does that doesn't wait for an answer.
    ["AMQP 1.0 with its open", `AMQP\x00\x01\x00\x00${"\0".repeat(20_000)}`, "AMQP 1.0"],
  ] as const)("%s", async ([, opening, words], { linked }) => {
    const { host, port } = await linked.link.open("stranger");
    const client = connectSocket(port, host, () => client.write(opening, "latin1"));
    const answer = await within("the link's answer and goodbye", client.toArray(), 10_000);
    expect(Buffer.concat(answer)).toEqual(protocolHeader);
    expect((await linked.eventually("protocol-violation")).text).toContain(words);
    await linked.eventually("connection-closed");
    expect(linked.link.connections("stranger")).toBe(0);
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
