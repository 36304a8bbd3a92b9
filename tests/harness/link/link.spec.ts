/** The link between a real client and a real broker: what it lets through, holds, cuts and refuses. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  type AddressInfo,
  connect as connectSocket,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import { devNull, networkInterfaces } from "node:os";
import { join } from "node:path";
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from "amqplib";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import type { Event, EventOf } from "../../../harness/history/event.ts";
import { History } from "../../../harness/history/history.ts";
import { type Address, Link } from "../../../harness/link/link.ts";
import { Sink } from "../../../harness/sink/sink.ts";
import { until, within } from "../../../harness/until.ts";
import { Subject } from "../../../harness/workers/subject.ts";
import { bodyFrame, methodFrame, protocolHeader } from "../amqp/amqplib-codec.ts";
import { laneBroker } from "../lane.ts";

const AMQPLIB = join(import.meta.dirname, "../../../node_modules/amqplib/package.json");
const WORKER = join(import.meta.dirname, "../../../fixtures/workers/worker.ts");

let broker: Broker;
let history: History;
let link: Link;
let queue: string;
/** A client that goes around the link. */
let direct: ChannelModel;
let ends: (() => Promise<unknown>)[];

beforeAll(async () => {
  broker = await laneBroker();
});

beforeEach(async () => {
  history = new History();
  link = new Link(history, () => broker.amqp);
  queue = `link-${randomUUID()}`;
  ends = [];
  direct = await open(broker.amqp as Address);
  await (await direct.createChannel()).assertQueue(queue);
});

afterEach(async () => {
  await link.close();
  await (await (await open(broker.amqp as Address)).createChannel()).deleteQueue(queue);
  for (const end of ends) await end().catch(() => {}); // It may have been cut.
});

async function open({ host, port }: Address): Promise<ChannelModel> {
  const connection = await connect(`amqp://guest:guest@${host}:${port}`);
  connection.on("error", () => {});
  ends.push(() => connection.close());
  return connection;
}

async function openThroughLink(name = "client"): Promise<ChannelModel> {
  return open(await link.open(name));
}

function told<T extends Event["type"]>(type: T): EventOf<T>[] {
  return history.events.filter((event): event is EventOf<T> => event.type === type);
}

function eventually<T extends Event["type"]>(type: T, count = 1): Promise<EventOf<T>> {
  const found = () => told(type)[count - 1];
  return until(`${count} of ${type}`, history, found, { deadline: 10_000 });
}

/** How many messages are ready in the queue, asked around the link. */
async function depth(): Promise<number> {
  const channel = await direct.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}

async function store(...tasks: string[]): Promise<void> {
  const channel = await direct.createConfirmChannel();
  for (const task of tasks) channel.sendToQueue(queue, Buffer.from(task), { messageId: task });
  await channel.waitForConfirms();
  await channel.close();
}

/** The next message for a new consumer around the link, which takes it for good. */
async function next(): Promise<{ task: string; redelivered: boolean }> {
  const channel = await direct.createChannel();
  const { promise, resolve } = Promise.withResolvers<ConsumeMessage>();
  await channel.prefetch(1);
  await channel.consume(queue, (message) => message && resolve(message));
  const message = await within("a message for the next consumer", promise, 10_000);
  channel.ack(message);
  await channel.close();
  return { task: message.properties.messageId, redelivered: message.fields.redelivered };
}

/** Consumes through the link; each message is answered as it comes. */
async function consume(answer: (channel: Channel, message: ConsumeMessage) => void) {
  const connection = await openThroughLink();
  const channel = await connection.createChannel();
  channel.on("error", () => {});
  await channel.prefetch(10);
  await channel.consume(queue, (message) => message && answer(channel, message));
  return { connection, channel };
}

const ack = (channel: Channel, message: ConsumeMessage) => channel.ack(message);

describe("through the link", () => {
  /** Something of everything that a client does. */
  async function conversation(connection: ChannelModel): Promise<unknown[]> {
    const name = `${queue}-conversation`;
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

  test("a client comes to the same as directly", async () => {
    const through = await conversation(await openThroughLink());
    expect(through).toEqual(await conversation(direct));
    expect(through).toMatchObject([{ messageCount: 0 }, ["stray"], {}, false, {}, 404]);
    expect(told("protocol-violation")).toEqual([]);
    expect(told("published")).toHaveLength(51);
    expect(told("delivered")).toHaveLength(50);
    expect(told("channel-closed").map(({ by, code }) => [by, code])).toEqual([
      ["client", 200],
      ["broker", 404],
    ]);
  });

  test("a client is identified, and its goodbye is told", async () => {
    const connection = await openThroughLink("someone");
    const { version } = JSON.parse(readFileSync(AMQPLIB, "utf8"));
    const where = { subject: "someone", connection: 1 };
    expect(history.events).toMatchObject([
      { type: "connection-opened", ...where },
      { type: "client-identified", product: "amqplib", version, ...where },
    ]);
    await connection.close();
    const farewell = { by: "client", clean: true, code: 200 };
    expect(await eventually("connection-closed")).toMatchObject({ ...where, ...farewell });
    expect(link.connections("someone")).toBe(0);
  });

  test("a subject's address stays its own, also when it is asked for twice at once", async () => {
    const [one, two] = await Promise.all([link.open("a"), link.open("a")]);
    expect(two).toEqual(one);
    expect(await link.open("b")).not.toEqual(one);
  });

  test("nobody but this machine can speak", async () => {
    const { host, port } = await link.open("client");
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

describe("a held ack", () => {
  test("forwarded: the broker has it, and nothing comes back", async () => {
    await store("t1");
    const { landed } = link.hold({ subject: "client", what: "ack" });
    const { connection } = await consume(ack);
    const held = await landed;
    expect(held.tasks).toEqual(["t1"]);
    expect(told("acked")).toEqual([]);
    held.forward();
    expect(told("hold-ended")).toMatchObject([{ outcome: "forwarded" }]);
    expect(told("acked")).toMatchObject([{ tasks: ["t1"] }]);
    await connection.close();
    expect(await depth()).toBe(0);
  });

  test.each(["dropped", "cut away"])(
    "%s: the broker never has it, and the task comes back",
    async (how) => {
      await store("t1");
      const { landed } = link.hold({ subject: "client", what: "ack" });
      await consume(ack);
      const held = await landed;
      if (how === "dropped") held.drop();
      expect(link.cut("client")).toBe(1);
      await eventually("connection-closed");
      expect(told("hold-ended")).toMatchObject([{ outcome: "dropped" }]);
      expect(told("acked")).toMatchObject([{ tasks: ["t1"], dropped: true }]);
      expect(await next()).toEqual({ task: "t1", redelivered: true });
    },
  );

  test("cut away: nor does the broker have the acks that stood behind it", async () => {
    await store("t1", "t2", "t3");
    const { landed } = link.hold({ subject: "client", what: "ack", nth: 2 });
    const { channel } = await consume(ack);
    const held = await landed;
    // The next request of the client stands behind its last ack.
    const answered = channel.checkQueue(queue).catch(() => "lost");
    await until("all to be delivered", history, () => told("delivered").length === 3);
    link.cut("client");
    expect(await answered).toBe("lost");
    await eventually("connection-closed");
    held.forward(); // Too late: it has no effect.
    const seen = told("acked").map(({ tasks, dropped = false }) => [...tasks, dropped]);
    expect(seen).toEqual([
      ["t1", false],
      ["t2", true],
      ["t3", true],
    ]);
    expect([await next(), await next()].map(({ task }) => task).sort()).toEqual(["t2", "t3"]);
    expect(await depth()).toBe(0);
  });
});

describe("a held delivery", () => {
  test.each(["forward", "drop"] as const)(
    "%s: what the client and the broker then do",
    async (how) => {
      await store("t1", "t2");
      const { landed } = link.hold({ subject: "client", what: "delivery" });
      const received: string[] = [];
      const { connection, channel } = await consume((_, { properties }) => {
        received.push(properties.messageId);
      });
      const held = await landed;
      expect(held.tasks).toEqual(["t1"]);
      expect([received, await depth()]).toEqual([[], 0]); // To the broker, both are delivered.
      held[how]();
      await channel.checkQueue(queue); // Answered behind every delivery.
      expect(received).toEqual(how === "forward" ? ["t1", "t2"] : ["t2"]);
      expect(told("delivered").map(({ dropped = false }) => dropped)).toEqual([
        how === "drop",
        false,
      ]);
      await connection.close();
      expect(await next()).toEqual({ task: "t1", redelivered: true });
    },
  );
});

describe("a held publish", () => {
  test.each(["forward", "drop"] as const)("%s: whether the broker has it", async (how) => {
    const channel = await (await openThroughLink()).createConfirmChannel();
    const hold = link.hold({ subject: "client", what: "publish", task: "t2" });
    const answers: Record<string, string> = {};
    for (const task of ["t1", "t2", "t3"]) {
      // Several frames of body.
      channel.sendToQueue(queue, Buffer.alloc(300_000, task), { messageId: task }, (error) => {
        answers[task] = error ? "unknown" : "confirmed";
      });
    }
    const held = await hold.landed;
    await until("the first to be confirmed", history, () => told("publish-confirmed").length === 1);
    expect(await depth()).toBe(1);
    held[how]();
    await until("the last to be confirmed", history, () => {
      return told("publish-confirmed").some(({ tasks }) => tasks.includes("t3"));
    });
    expect(await depth()).toBe(how === "forward" ? 3 : 2);
    const published = told("published").map(({ task, tag, dropped }) => [task, tag, dropped]);
    expect(published).toEqual([
      ["t1", 1, undefined],
      how === "forward" ? ["t2", 2, undefined] : ["t2", null, true],
      ["t3", how === "forward" ? 3 : 2, undefined],
    ]);
    if (how === "forward") await channel.waitForConfirms();
    expect(told("protocol-violation")).toEqual([]);
  });
});

describe("a held confirm", () => {
  test.each(["forward", "drop"] as const)(
    "%s: the broker has the message all the same",
    async (how) => {
      const channel = await (await openThroughLink()).createConfirmChannel();
      const { promise: answer, resolve } = Promise.withResolvers<string>();
      const hold = link.hold({ subject: "client", what: "confirm" });
      channel.sendToQueue(queue, Buffer.from("?"), { messageId: "t1" }, (error) => {
        resolve(error ? "unknown" : "confirmed");
      });
      const held = await hold.landed;
      expect(held.tasks).toEqual(["t1"]);
      expect(await depth()).toBe(1);
      held[how]();
      if (how === "drop") link.cut("client");
      expect(await within("the client's answer", answer)).toBe(
        how === "forward" ? "confirmed" : "unknown",
      );
      const confirm = { tasks: ["t1"], ...(how === "drop" ? { dropped: true } : {}) };
      expect(told("publish-confirmed")).toMatchObject([confirm]);
    },
  );
});

test("holds of both directions stand side by side, and end with their connection", async () => {
  await store("t1", "t2");
  const acked = link.hold({ subject: "client", what: "ack" });
  await consume(ack);
  await acked.landed;
  const delivered = link.hold({ subject: "client", what: "delivery" });
  await store("t3");
  await delivered.landed;
  expect(told("held")).toHaveLength(2);
  link.cut("client");
  await eventually("connection-closed");
  expect(told("hold-ended").map(({ outcome }) => outcome)).toEqual(["dropped", "dropped"]);
});

test("200 holds in a row land on the very task that they name, under load", async () => {
  const tasks = Array.from({ length: 2_000 }, (_, index) => `task-${index}`);
  const wanted = tasks.filter((_, index) => index % 10 === 7);
  const holdOf = (task: string) => link.hold({ subject: "client", what: "ack", task }).landed;
  let landing = holdOf(wanted[0] as string);
  await consume(ack);
  const storing = store(...tasks);
  for (const [index, task] of wanted.entries()) {
    const held = await within(`the ack of ${task}`, landing);
    expect(held.tasks).toEqual([task]);
    const following = wanted[index + 1];
    if (following) landing = holdOf(following);
    held.forward();
  }
  await storing;
  const acks = () => told("acked").flatMap(({ tasks: some }) => some);
  await until("every task to be acked", history, () => acks().length === tasks.length);
  expect(acks()).toEqual(tasks);
  expect(told("held").flatMap(({ tasks: some }) => some)).toEqual(wanted);
});

describe("the end of a connection", () => {
  test("cut: the client sees it, and what it had not acked goes to the next consumer", async () => {
    await store("t1");
    const { connection } = await consume(() => {});
    await eventually("delivered");
    const closed = new Promise((resolve) => connection.once("close", resolve));
    expect(link.cut("client")).toBe(1);
    await within("the client to notice", closed);
    expect(await eventually("connection-closed")).toMatchObject({ by: "link", clean: false });
    expect(link.cut("client")).toBe(0);
    expect(await next()).toEqual({ task: "t1", redelivered: true });
  });

  test("a killed client's connection ends at once", async () => {
    const sink = await Sink.start(history);
    const { host, port } = await link.open("worker");
    const worker = await Subject.start({
      name: "worker",
      command: [process.execPath, WORKER],
      env: {
        AMQP_URL: `amqp://guest:guest@${host}:${port}`,
        QUEUE: queue,
        EFFECT_URL: sink.url("worker"),
      },
      logFile: devNull,
      history,
    });
    await store("t1");
    await eventually("effect-requested");
    await worker.kill();
    expect(await eventually("connection-closed")).toMatchObject({ by: "client", clean: false });
    expect(await next()).toEqual({ task: "t1", redelivered: true });
    await sink.close();
  });

  test("while the broker is down a client is refused; the same address works afterwards", async () => {
    const address = await link.open("client");
    const { connection } = await consume(() => {});
    const closed = new Promise((resolve) => connection.once("close", resolve));
    const before = broker.amqp;
    await broker.kill();
    await within("the client to notice", closed);
    expect(await eventually("connection-closed")).toMatchObject({ by: "broker", clean: false });
    await expect(open(address)).rejects.toThrow();
    expect(link.connections("client")).toBe(0);
    await broker.start();
    expect(broker.amqp).not.toEqual(before);
    direct = await open(broker.amqp as Address);
    const channel = await (await open(address)).createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from("?"), { messageId: "t1" });
    await channel.waitForConfirms();
    expect(await next()).toMatchObject({ task: "t1" });
  });

  test("a graceful stop is the broker's goodbye, in its own words", async () => {
    await consume(() => {});
    await broker.stop();
    expect(await eventually("connection-closed")).toMatchObject({ by: "broker", code: 320 });
    await broker.start();
    direct = await open(broker.amqp as Address);
  });
});

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
  async function send(bytes: Buffer): Promise<void> {
    const { host, port } = await link.open("stranger");
    const socket = connectSocket(port, host, () => socket.write(bytes));
    socket.on("error", () => {}); // A reset is what is expected.
    socket.resume();
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    await within("the link to close the connection", closed, 10_000);
  }

  test.each(OPENINGS)(
    "%s: refused and said so, and nobody else is harmed",
    async (_, bytes, words) => {
      const bystander = await (await openThroughLink("stranger")).createConfirmChannel();
      await send(bytes);
      const where = { subject: "stranger", connection: 2 };
      const violation = await eventually("protocol-violation");
      expect(violation).toMatchObject({ by: "client", ...where });
      expect(violation.text).toContain(words);
      expect(await eventually("connection-closed")).toMatchObject({
        by: "link",
        clean: false,
        ...where,
      });
      bystander.sendToQueue(queue, Buffer.from("?"));
      await bystander.waitForConfirms();
      expect(link.connections("stranger")).toBe(1);
    },
  );

  test.each([
    ["a wrong frame end", wrongEnd],
    ["an oversized frame", oversized],
    ["a method that can't be read", unreadable],
  ])("%s in the middle of a stream, behind a held ack", async (_, bytes) => {
    await store("t1");
    const { landed } = link.hold({ subject: "client", what: "ack" });
    const { connection } = await consume(ack);
    await landed;
    const closed = new Promise((resolve) => connection.once("close", resolve));
    rawSocketOf(connection).write(bytes);
    await within("the client to be cut off", closed, 10_000);
    await eventually("connection-closed");
    expect(told("protocol-violation")).toHaveLength(1);
    expect(told("hold-ended")).toMatchObject([{ outcome: "dropped" }]);
    expect(await next()).toEqual({ task: "t1", redelivered: true });
  });

  test("from the broker's side: both are cut off, and it is said whose they were", async () => {
    const sockets: Socket[] = [];
    // It never hangs up by itself.
    const impostor = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket.on("error", () => {}).resume());
      socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    impostor.listen(0, "127.0.0.1");
    await once(impostor, "listening");
    const other = new Link(history, () => ({ host: "127.0.0.1", port: portOf(impostor) }));
    await expect(open(await other.open("client"))).rejects.toThrow();
    expect(await eventually("protocol-violation")).toMatchObject({ by: "broker" });
    expect(await eventually("connection-closed")).toMatchObject({ by: "link", clean: false });
    await other.close();
    for (const socket of sockets) socket.destroy();
    impostor.close();
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** amqplib's own socket, to speak behind its back. */
function rawSocketOf(connection: ChannelModel): Socket {
  return (connection.connection as unknown as { stream: Socket }).stream;
}
