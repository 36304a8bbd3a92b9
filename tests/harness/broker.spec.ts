import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { ConfirmChannel } from "amqplib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Broker } from "../../harness/broker/broker.ts";
import { connectUntilUp } from "../../harness/broker/connect.ts";
import { SetupError } from "../../harness/errors.ts";
import { entrust, newOwner } from "../../harness/reaper/reaper.ts";
import { removeResources } from "../../harness/reaper/resources.ts";
import { laneBroker } from "../../harness/vitest.ts";
import { configure, imageThatRuns, removeImage } from "./engine.ts";

let broker: Broker;

beforeAll(async () => {
  broker = await laneBroker();
});

/** Leaves the broker running for the next one, whatever state a failure left it in. */
afterEach(async () => {
  if (broker.state === "paused") await broker.resume();
  if (broker.state === "down") await broker.start();
});

async function withChannel<T>(use: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const { host, port } = broker.amqp ?? {};
  const connection = await connectUntilUp(() => `amqp://guest:guest@${host}:${port}`);
  const answer = await use(await connection.createConfirmChannel());
  await connection.close();
  return answer;
}

/** Stores a persistent message in a durable queue, and waits for its confirm. */
function store(queue: string): Promise<void> {
  return withChannel(async (channel) => {
    await channel.assertQueue(queue, { durable: true });
    channel.sendToQueue(queue, Buffer.from("kept"), { persistent: true });
    await channel.waitForConfirms();
  });
}

/** The message in a queue, which is deleted with it. */
function retrieve(queue: string): Promise<string | undefined> {
  return withChannel(async (channel) => {
    const message = await channel.get(queue, { noAck: true });
    await channel.deleteQueue(queue);
    return message ? message.content.toString() : undefined;
  });
}

describe("a broker's lives", () => {
  test("a graceful stop is clean, and the data is found again at another port", async () => {
    const queue = `stop-${randomUUID()}`;
    await store(queue);
    const { boot, amqp } = broker;
    const lives = await livesInLog();
    expect(await broker.stop()).toEqual({ boot, exitCode: 0, clean: true });
    expect([broker.state, broker.amqp]).toEqual(["down", undefined]);
    await broker.start();
    expect(broker.state).toBe("running");
    expect(broker.boot).not.toBe(boot);
    expect(broker.amqp).not.toEqual(amqp);
    expect(broker.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(await retrieve(queue)).toBe("kept");
    expect(await livesInLog()).toBe(lives + 1);
  });

  test("a kill is by SIGKILL, also after a clean stop, and the data survives", async () => {
    const queue = `kill-${randomUUID()}`;
    await store(queue);
    const { boot } = broker;
    expect(await broker.kill()).toEqual({ boot, exitCode: 137, clean: false });
    await expectRefusalsWhileDown();
    await broker.start();
    expect(broker.boot).not.toBe(boot);
    expect(await retrieve(queue)).toBe("kept");
  });

  test("paused it answers nothing, and goes on when it is resumed", async () => {
    const { boot } = broker;
    await broker.pause();
    expect(broker.state).toBe("paused");
    const answered = firstBytes();
    await expect(broker.pause()).rejects.toThrow("The broker is paused; this needs one that is");
    expect(await Promise.race([answered, Promise.resolve("silence")])).toBe("silence");
    await broker.resume();
    expect(await answered).toBe("AMQP");
    expect([broker.state, broker.boot]).toEqual(["running", boot]);
  });

  test("what does not fit a running broker is refused", async () => {
    const isRunning = "The broker is running; this needs one that is";
    await expect(broker.start()).rejects.toThrow(`${isRunning} down`);
    await expect(broker.resume()).rejects.toThrow(`${isRunning} paused`);
  });

  test("it does not come up with a broken configuration, and its log says why", async () => {
    await broker.kill();
    await configure(broker.id, "no_such_setting = 1");
    const failure = await broker.start().catch((error) => error);
    await configure(broker.id, "");
    expect(failure).toBeInstanceOf(SetupError);
    expect(failure.message).toMatch(
      /^The broker exited with 1 while it booted\. Its last log lines:\n {2}/,
    );
    expect(failure.message).toContain("no_such_setting");
    await broker.start();
  });
});

describe("a broker that can't be had is a matter of setup:", () => {
  // It lives for long enough to have its ports mapped, as a broker with a mistake in its files does.
  const PROGRAM = "sleep 1; echo one; echo no luck today; exit 3";
  const owner = newOwner();
  const image = `ackproof/test-${owner.slice(0, 8)}:exits`;
  const name = `ackproof-test-${owner.slice(0, 8)}`;
  const done = entrust(`resources ${owner}`);

  beforeAll(() => imageThatRuns(image, broker.image, PROGRAM));

  afterAll(async () => {
    await removeResources(owner);
    await removeImage(image);
    done();
  });

  async function failureOf(wanted: string): Promise<Error> {
    const failure = await Broker.boot({ image: wanted, owner, name }).catch((error) => error);
    expect(failure).toBeInstanceOf(SetupError);
    return failure;
  }

  test("it exits before it is up, and its last words are told", async () => {
    expect((await failureOf(image)).message).toMatch(
      /^The broker exited with 3 while it booted\. Its last log lines:\n {2}one\n {2}no luck today$/,
    );
  });

  test("its name is taken: no other broker's log is told as its own", async () => {
    const { message } = await failureOf(image);
    expect(message).toContain(`A container of ${image} can't be started: `);
    expect(message).toContain(`name "/${name}" is already in use`);
    expect(message).not.toContain("no luck today");
  });

  test("its image is not on this machine: nothing is pulled", async () => {
    const words = "There is no image ackproof/no-such-image:none on this machine. `npm run setup`";
    expect((await failureOf("ackproof/no-such-image:none")).message).toContain(words);
  });
});

async function livesInLog(): Promise<number> {
  return (await broker.log()).match(/^.*Starting RabbitMQ \d/gm)?.length ?? 0;
}

async function expectRefusalsWhileDown(): Promise<void> {
  for (const verb of ["stop", "kill", "pause"] as const) {
    const words = "The broker is down; this needs one that is running";
    await expect(broker[verb]()).rejects.toThrow(words);
  }
  for (const fact of ["boot", "version", "management"] as const) {
    expect(() => broker[fact]).toThrow("The broker is down, and was asked about its present life");
  }
}

/** Opens a connection, asks for AMQP in a version that there is not, and reads the answer. */
function firstBytes(): Promise<string> {
  const { host, port } = broker.amqp ?? { host: "", port: 0 };
  const socket: Socket = connect(port, host, () => socket.write("AMQP\0\0\0\0"));
  return new Promise((resolve) => {
    socket.once("data", (bytes) => {
      resolve(bytes.toString("latin1", 0, 4));
      socket.destroy();
    });
  });
}
