/** Frames reach the link cut in pieces, wherever a network may cut them. */
import { describe, expect } from "vitest";
import type { Address } from "../../../harness/broker/connect.ts";
import { Link } from "../../../harness/link/link.ts";
import { test as linkedTest } from "../link/linked.ts";
import type { Client } from "./client.ts";
import { amqplibPromise } from "./clients/amqplib-promise.ts";
import { clients } from "./clients/clients.ts";
import { observe, urlOf } from "./observe.ts";
import { expectRecorded } from "./recorded.ts";
import { Slicer } from "./slicer.ts";

/** A frame's header has 7 bytes and its end 1: these lengths put their cuts everywhere around it. */
const LENGTHS = [2, 3, 5, 7, 8, 9, 64];

/** Methods, headers and bodies both ways, and a refusal. */
async function converse(client: Client, queue: string): Promise<unknown> {
  const channel = await client.openChannel();
  const declared = await channel.declare(queue);
  const publish = (task: string) =>
    channel.publish({
      queue,
      body: Buffer.from(task.repeat(20)),
      properties: { messageId: task, headers: { task } },
    });
  await publish("first");
  await publish("second");
  const got = await channel.get(queue);
  await got?.ack();
  await channel.consume(queue, "consumer", (message) => {
    message.ack();
    client.told.note("delivered", message.said);
  });
  await client.told.heard("delivered");
  await channel.close();
  const other = await client.openChannel();
  await other.delete(queue);
  const doomed = await client.openChannel();
  const refused = await doomed.check(queue).catch((error: unknown) => error);
  return { declared, got: got?.said, body: got?.body.toString(), refused };
}

const RECORDS = { published: 2, "publish-confirmed": 2, delivered: 2, acked: 2 };

const test = linkedTest.extend("sliced", ({ broker, linked }, { onCleanup }) => {
  const closers: (() => unknown)[] = [];
  onCleanup(async () => {
    for (const close of closers) await close();
  });
  /** The address of a link that is fed in slices of this many bytes. */
  return async (size: number) => {
    const slicer = new Slicer(broker.amqp as Address, size);
    const back = await slicer.openBack();
    const link = new Link(linked.history, () => back);
    closers.push(
      () => slicer.close(),
      () => link.close(),
    );
    return { slicer, address: await slicer.openFront(await link.open("client")) };
  };
});

describe("one byte at a time", () => {
  test.for(Object.entries(clients))("%s", async ([, connect], { broker, linked, sliced }) => {
    const queue = `${linked.queue}-slices`;
    const direct = await observe(connect, urlOf(broker.amqp as Address), queue, converse);
    expect(direct.result).toMatchObject({ body: "first".repeat(20) });
    const { slicer, address } = await sliced(1);
    const conversation = observe(connect, urlOf(address), queue, converse);
    const through = await Promise.race([conversation, slicer.failed]);
    expect(through).toEqual(direct);
    await expectRecorded(linked.history, 1, RECORDS);
    expect([await slicer.toBroker.isIntact(), await slicer.toClient.isIntact()]).toEqual([
      true,
      true,
    ]);
    expect(slicer.toBroker.entered).toBeGreaterThan(500);
    expect(slicer.toClient.entered).toBeGreaterThan(500);
  });
});

describe("in slices", () => {
  test.for(LENGTHS)("of %i bytes", async (size, { broker, linked, sliced }) => {
    const queue = `${linked.queue}-slices`;
    const direct = await observe(amqplibPromise, urlOf(broker.amqp as Address), queue, converse);
    const { slicer, address } = await sliced(size);
    const conversation = observe(amqplibPromise, urlOf(address), queue, converse);
    const through = await Promise.race([conversation, slicer.failed]);
    expect(through).toEqual(direct);
    await expectRecorded(linked.history, 1, RECORDS);
    expect([await slicer.toBroker.isIntact(), await slicer.toClient.isIntact()]).toEqual([
      true,
      true,
    ]);
  });
});
