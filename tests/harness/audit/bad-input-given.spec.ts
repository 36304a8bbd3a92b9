/** A broker that is somebody else's, on which something is in the way: nothing of it is touched. */
import { afterEach, expect, test } from "vitest";
import { badInput, program, refused } from "./bad-input.ts";

const place = badInput();
const WORKER = program("amqplib/worker.ts");
const QUEUE = "users-own";
/** The queue is the user's own as soon as a command of the user's has declared it. */
const OWN = ["--queue", QUEUE, "--setup", "true"];

/** Messages in the user's queue; undefined where there is none. */
async function messages(): Promise<number | undefined> {
  if (!(await place.queues()).some(({ name }) => name === QUEUE)) return undefined;
  return place.asUser(async (connection) => {
    const channel = await connection.createChannel();
    return (await channel.checkQueue(QUEUE)).messageCount;
  });
}

async function declare(count: number): Promise<void> {
  await place.asUser(async (connection) => {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(QUEUE, { durable: true });
    for (let n = 0; n < count; n++) channel.sendToQueue(QUEUE, Buffer.from("the user's own"));
    await channel.waitForConfirms();
  });
}

afterEach(async () => {
  await place.asUser(async (connection) => {
    const channel = await connection.createChannel();
    await channel.deleteQueue(QUEUE);
  });
});

const others = (has: string) =>
  refused(
    `The queue "${QUEUE}" has ${has} already, on the broker that --broker names.\nAn audit takes out whatever is in its queues, so it has not begun, and took nothing.\nName a queue that is empty and that nobody else uses, or leave --broker out.`,
  );

test.each([
  ["to work off", OWN],
  ["in which effects are looked for", ["--effects", `queue:${QUEUE}`]],
  ["that an exchange leads to", [...OWN, "--exchange", "amq.direct", "--routing-key", "some-key"]],
])("a queue %s that is not empty", async (_, settings) => {
  await declare(3);
  expect(await place.onGiven(...settings, ...WORKER)).toEqual(others("3 messages and 0 consumers"));
  expect(await messages()).toBe(3);
  expect(await place.queues()).toHaveLength(1);
});

test("a queue that somebody else consumes from", async () => {
  await declare(0);
  await place.asUser(async (connection) => {
    const channel = await connection.createChannel();
    let got = 0;
    await channel.consume(QUEUE, () => got++);
    expect(await place.onGiven(...OWN, ...WORKER)).toEqual(others("0 messages and 1 consumer"));
    expect(got).toBe(0);
  });
});

test("a queue that is not there", async () => {
  expect(await place.onGiven(...OWN, ...WORKER)).toEqual(
    refused(
      `The work queue "${QUEUE}" isn't there after the setup command has had its turn: let it declare that queue, or name the one that it declares.`,
    ),
  );
  expect(await place.queues()).toEqual([]);
});

test("a queue of effects that was there and empty is so again, and stays", async () => {
  await declare(0);
  const settings = ["--effects", `queue:${QUEUE}`, "--only", "control"];
  const { exitCode, stdout } = await place.onGiven(
    ...settings,
    ...program("amqplib/publishing-worker.ts"),
  );
  expect(stdout).toContain("HELD: ");
  expect(exitCode).toBe(0);
  expect(await messages()).toBe(0);
});

test("a worker that knows its queue by name, which is the user's own", async () => {
  await declare(0);
  const hard = ["--", "env", `QUEUE=${QUEUE}`, ...WORKER.slice(1)];
  const settings = ["--queue", QUEUE, "--ready", "4s", "--patience", "1s"];
  const { exitCode, stderr } = await place.onGiven(...settings, ...hard);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    `The worker consumes from "${QUEUE}", and not from "${QUEUE}".\nLet it read QUEUE: on a broker that is yours, the audit's queues have names of their own, unless --definitions or --setup declares them.`,
  );
});
