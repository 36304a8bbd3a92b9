/** A connection through the link: what a client notices of it, and how it ends. */
import { readFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { devNull, networkInterfaces } from "node:os";
import { join } from "node:path";
import type { ChannelModel } from "amqplib";
import { describe, expect } from "vitest";
import { Sink } from "../../../harness/sink/sink.ts";
import { within } from "../../../harness/until.ts";
import { Subject } from "../../../harness/workers/subject.ts";
import { test } from "./linked.ts";

const AMQPLIB = join(import.meta.dirname, "../../../node_modules/amqplib/package.json");
const WORKER = join(import.meta.dirname, "../../../fixtures/workers/worker.ts");

describe("through the link", () => {
  /** Something of everything that a client does, with a queue of this name. */
  async function conversation(connection: ChannelModel, name: string): Promise<unknown[]> {
    const channel = await connection.createConfirmChannel();
    const returned: string[] = [];
    channel.on("return", ({ properties }) => returned.push(properties.messageId));
    const declared = await channel.assertQueue(name, { durable: true });
    for (let n = 0; n < 50; n++) channel.sendToQueue(name, Buffer.alloc(n * 5_000, n));
    const mandatory = { mandatory: true, messageId: "stray" };
    channel.publish("", "no-such-queue", Buffer.from("?"), mandatory);
    await channel.waitForConfirms();
    const sizes: number[] = [];
    for (let n = 0; n < 50; n++) {
      const message = await channel.get(name, { noAck: true });
      if (message) sizes.push(message.content.length, message.content.at(-1) ?? 0);
    }
    const empty = await channel.get(name);
    const deleted = await channel.deleteQueue(name);
    await channel.close();
    const doomed = await connection.createChannel();
    doomed.on("error", () => {});
    const refusal = await doomed.checkQueue("no-such-queue").catch(({ code }) => code);
    return [declared, returned, sizes, empty, deleted, refusal];
  }

  test("a client comes to the same as directly", async ({ linked }) => {
    const name = `${linked.queue}-conversation`;
    const through = await conversation(await linked.openThroughLink(), name);
    expect(through).toEqual(await conversation(linked.direct, name));
    expect(through).toMatchObject([{ messageCount: 0 }, ["stray"], {}, false, {}, 404]);
    expect(linked.told("protocol-violation")).toEqual([]);
    expect(linked.told("published")).toHaveLength(51);
    expect(linked.told("delivered")).toHaveLength(50);
    expect(linked.told("channel-closed").map(({ by, code }) => [by, code])).toEqual([
      ["client", 200],
      ["broker", 404],
    ]);
  });

  test("a client is identified, and its goodbye is told", async ({ linked }) => {
    const connection = await linked.openThroughLink("someone");
    const { version } = JSON.parse(readFileSync(AMQPLIB, "utf8"));
    const where = { subject: "someone", connection: 1 };
    expect(linked.history.events).toMatchObject([
      { type: "connection-opened", ...where },
      { type: "client-identified", product: "amqplib", version, ...where },
    ]);
    await connection.close();
    const farewell = { by: "client", clean: true, code: 200 };
    expect(await linked.eventually("connection-closed")).toMatchObject({ ...where, ...farewell });
    expect(linked.link.connections("someone")).toBe(0);
  });

  test("a subject's address stays its own, also when it is asked for twice at once", async ({
    linked,
  }) => {
    const [one, two] = await Promise.all([linked.link.open("a"), linked.link.open("a")]);
    expect(two).toEqual(one);
    expect(await linked.link.open("b")).not.toEqual(one);
  });

  test("nobody but this machine can speak", async ({ linked }) => {
    const { host, port } = await linked.link.open("client");
    expect(host).toBe("127.0.0.1");
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .find((it) => it?.family === "IPv4" && !it.internal);
    if (!elsewhere) return; // A machine without a network has nobody else.
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connectSocket(port, elsewhere.address, () => resolve("connected"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    expect(await promise).toBe("ECONNREFUSED");
    socket.destroy();
  });
});

describe("the end of a connection", () => {
  test("reset: the client sees it, and what it had not acked goes to the next consumer", async ({
    linked,
  }) => {
    await linked.store("t1");
    const { connection } = await linked.consume(() => {});
    await linked.eventually("delivered");
    const closed = new Promise((resolve) => connection.once("close", resolve));
    expect(linked.link.reset({ subject: "client" })).toBe(1);
    await within("the client to notice", closed);
    expect(await linked.eventually("connection-closed")).toMatchObject({
      by: "link",
      clean: false,
    });
    expect(linked.link.reset({ subject: "client" })).toBe(0);
    expect(await linked.next()).toEqual({ task: "t1", redelivered: true });
  });

  test("a killed client's connection ends at once", async ({ linked }) => {
    const sink = await Sink.start(linked.history);
    const { host, port } = await linked.link.open("worker");
    const worker = await Subject.start({
      name: "worker",
      command: [process.execPath, WORKER],
      env: {
        AMQP_URL: `amqp://guest:guest@${host}:${port}`,
        QUEUE: linked.queue,
        EFFECT_URL: sink.url("worker"),
      },
      logFile: devNull,
      history: linked.history,
    });
    await linked.store("t1");
    await linked.eventually("effect-requested");
    await worker.kill();
    expect(await linked.eventually("connection-closed")).toMatchObject({
      by: "client",
      clean: false,
    });
    expect(await linked.next()).toEqual({ task: "t1", redelivered: true });
    await sink.close();
  });

  test("while the broker is down a client is refused; the same address works afterwards", async ({
    broker,
    linked,
  }) => {
    const address = await linked.link.open("client");
    const { connection } = await linked.consume(() => {});
    const closed = new Promise((resolve) => connection.once("close", resolve));
    const before = broker.amqp;
    await broker.kill();
    await within("the client to notice", closed);
    expect(await linked.eventually("connection-closed")).toMatchObject({
      by: "broker",
      clean: false,
    });
    await expect(linked.open(address)).rejects.toThrow();
    expect(linked.link.connections("client")).toBe(0);
    await broker.start();
    expect(broker.amqp).not.toEqual(before);
    await linked.goAround();
    const channel = await (await linked.open(address)).createConfirmChannel();
    channel.sendToQueue(linked.queue, Buffer.from("?"), { messageId: "t1" });
    await channel.waitForConfirms();
    expect(await linked.next()).toMatchObject({ task: "t1" });
  });

  test("a graceful stop is the broker's goodbye, in its own words", async ({ broker, linked }) => {
    await linked.consume(() => {});
    await broker.stop();
    expect(await linked.eventually("connection-closed")).toMatchObject({ by: "broker", code: 320 });
    await broker.start();
    await linked.goAround();
  });
});
