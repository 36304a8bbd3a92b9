import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";
import { describe, expect, test } from "vitest";
import { answerTo } from "../../../harness/amqp/protocol-header.ts";
import { protocolHeader } from "./amqplib-codec.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const tlsHello = Buffer.from("16030100f1010000ed0303", "hex");

describe("what is said to a client before it is refused", () => {
  test.for([
    ["AMQP 1.0", "AMQP\x00\x01\x00\x00"],
    ["AMQP 1.0 with SASL", "AMQP\x03\x01\x00\x00"],
    ["AMQP 0-8", "AMQP\x01\x01\x08\x00"],
    ["AMQP 0-9", "AMQP\x00\x00\x09\x00"],
    ["HTTP", "GET / HTTP/1.1\r\n"],
    ["what only begins like TLS", "\x16\x04\x03\x02\x01\x00\x00\x00"],
    ["a single wrong byte", "?"],
  ] as const)("%s: the header of the version that is spoken here", ([, opening]) => {
    expect(answerTo(bytes(opening))).toEqual(protocolHeader);
  });

  test("TLS: a fatal alert, protocol_version", () => {
    expect(answerTo(tlsHello)).toEqual(Buffer.from("15030300020246", "hex"));
    expect(answerTo(tlsHello.subarray(0, 2))).toEqual(Buffer.from("15030300020246", "hex"));
  });

  test.for([
    ["AMQP 0-9-1", protocolHeader],
    ["AMQP 0-9-1 and what follows", Buffer.concat([protocolHeader, bytes("\x01\x00")])],
    ["a beginning of AMQP 0-9-1", protocolHeader.subarray(0, 5)],
    ["nothing yet", Buffer.alloc(0)],
    ["a TLS alert, which is not answered", Buffer.from("15030300020246", "hex")],
  ] as const)("%s: nothing", ([, opening]) => {
    expect(answerTo(opening)).toBeUndefined();
  });
});

test.for(["TLSv1.2", "TLSv1.3"] as const)("a %s client understands its answer", async (version) => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (opening: Buffer) => socket.end(answerTo(opening) ?? "").resume());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: "127.0.0.1", port, minVersion: version, maxVersion: version });
  const [error] = await once(client, "error");
  expect(error).toMatchObject({ code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
  client.destroy();
  server.close();
});
