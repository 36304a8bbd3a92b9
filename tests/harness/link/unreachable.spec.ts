/** A broker that can't be reached: what a client sees of that, and that the link recovers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect as connectSocket, createServer } from "node:net";
import { connect } from "amqplib";
import { describe, expect, onTestFinished } from "vitest";
import { type Address, Link } from "../../../harness/link/link.ts";
import { within } from "../../../harness/until.ts";
import { protocolHeader } from "../amqp/amqplib-codec.ts";
import { type Linked, test } from "./linked.ts";

const LOOPBACK = "127.0.0.1";

/** A link whose broker can be moved. */
function movable({ history }: Linked, address: Address | undefined) {
  const where = { address };
  const link = new Link(history, () => where.address);
  onTestFinished(() => link.close());
  return { link, where };
}

/** An address at which nobody listens. */
async function deserted(): Promise<Address> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { host: LOOPBACK, port };
}

/** An address that takes no more connections and says nothing: attempts hang. */
async function blackhole(): Promise<Address> {
  const program = `require("net").createServer().listen({ port: 0, host: "${LOOPBACK}", backlog: 1 }, function () { console.log(this.address().port); })`;
  const server = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    server.kill("SIGKILL");
  });
  const [port] = await within("the server's port", once(server.stdout, "data"), 10_000);
  server.kill("SIGSTOP"); // It accepts nothing any more; its queue takes two.
  const address = { host: LOOPBACK, port: Number(port) };
  for (let queued = 0; queued < 2; queued++) {
    const socket = connectSocket(address).on("error", () => {});
    onTestFinished(() => {
      socket.destroy();
    });
    await within("a place in the queue", once(socket, "connect"), 10_000);
  }
  return address;
}

function urlOf({ host, port }: Address): string {
  return `amqp://guest:guest@${host}:${port}`;
}

const GONE: [string, () => Promise<Address | undefined>][] = [
  ["is known to be down", async () => undefined],
  ["refuses connections", deserted],
];

describe.for(GONE)("while the broker %s", ([, find]) => {
  test("amqplib fails with its own error, and works at the same address once it is back", async ({
    broker,
    linked,
  }) => {
    const { link, where } = movable(linked, await find());
    const address = await link.open("client");
    for (let attempt = 0; attempt < 3; attempt++) {
      const failed = connect(urlOf(address));
      await expect(failed).rejects.toThrow(/ECONNRESET|Socket closed abruptly/);
      expect(link.connections("client")).toBe(0);
    }
    expect(linked.told("protocol-violation")).toEqual([]);
    where.address = broker.amqp as Address;
    expect(await link.open("client")).toEqual(address);
    const connection = await linked.open(address);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(linked.queue, Buffer.from("?"), { messageId: "t1" });
    await channel.waitForConfirms();
    expect(await linked.next()).toMatchObject({ task: "t1" });
    expect(link.connections("client")).toBe(1);
  });

  test("a plain socket is reset", async ({ linked }) => {
    const { link } = movable(linked, await find());
    const socket = connectSocket(await link.open("client"));
    socket.write(protocolHeader);
    const [error] = await within("its error", once(socket, "error"), 10_000);
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });
});

describe("while the way to the broker is a black hole", () => {
  test("a client waits, as it would directly; its own deadline ends it", async ({ linked }) => {
    const { link } = movable(linked, await blackhole());
    const failed = connect(urlOf(await link.open("client")), { timeout: 50 });
    await expect(failed).rejects.toThrow(/ETIMEDOUT/);
  });

  test("others are served, and the next attempt finds the broker", async ({ broker, linked }) => {
    const { link, where } = movable(linked, await blackhole());
    const address = await link.open("client");
    await wait(linked, address);
    where.address = broker.amqp as Address;
    await (await linked.open(address)).createChannel();
    expect(link.connections("client")).toBe(2);
  });

  test.for(["reset", "hangUp"] as const)("a %s reaches who waits", async (end, { linked }) => {
    const { link } = movable(linked, await blackhole());
    const waiting = await wait(linked, await link.open("client"));
    expect(link[end]({ connection: 1 })).toBe(1);
    expect(await waiting.ending).toBe(end === "reset" ? "ECONNRESET" : "in order");
    await linked.eventually("connection-closed");
    expect(link.connections("client")).toBe(0);
  });

  test("the link's close ends who waits", async ({ linked }) => {
    const { link } = movable(linked, await blackhole());
    const { ending } = await wait(linked, await link.open("client"));
    await link.close();
    await ending;
    await linked.eventually("connection-closed");
  });
});

/** A client that the link has taken, and that has no broker yet; and how that ends. */
async function wait(linked: Linked, address: Address) {
  const socket = connectSocket(address, () => socket.write(protocolHeader)).resume();
  const ending = new Promise<string>((resolve) => {
    socket.on("end", () => resolve("in order"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code ?? "?"));
    socket.on("close", () => resolve("without a word"));
  });
  await linked.eventually("connection-opened");
  return { ending: within("the end of who waits", ending, 10_000) };
}
