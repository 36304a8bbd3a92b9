/** The link between a hostile client that has logged in, and a real broker. */
import { randomUUID } from "node:crypto";
import { connect } from "amqplib";
import fc from "fast-check";
import { expect, onTestFinished } from "vitest";
import { Admin } from "../../../harness/broker/admin.ts";
import type { Broker } from "../../../harness/broker/broker.ts";
import type { Address } from "../../../harness/link/link.ts";
import { within } from "../../../harness/until.ts";
import { methodFrame, protocolHeader } from "../amqp/amqplib-codec.ts";
import { test } from "../link/linked.ts";
import { deadlineFor, settings } from "./budget.ts";
import { damaged, damages } from "./damage.ts";
import { DEADLINE, LinkProcess } from "./link-process.ts";
import { Peer } from "./peer.ts";
import { readByReference } from "./reference.ts";
import { isRefused } from "./refusal.ts";
import { validFrames } from "./streams.ts";

const PART = "the live link and a real broker";

/** The frame limit that a connection begins with, and that RabbitMQ asks for. */
const LIMIT = 128 * 1024 + 8;

/** On a channel that the damaged frames don't use: who gets so far, is asked whether he's there. */
const lastRequest = methodFrame("channel.open", {}, 9);
const lastAnswer = methodFrame("channel.open-ok", {}, 9);
/** The ids of connection.close and connection.close-ok. */
const goodbyes = [Buffer.from("000a0032", "hex"), Buffer.from("000a0033", "hex")];

const credentials = Buffer.from("\0guest\0guest");

/** What a client says before it can do anything, all at once. */
function login(vhost: string): Buffer {
  return Buffer.concat([
    protocolHeader,
    methodFrame("connection.start-ok", { clientProperties: {}, response: credentials }, 0),
    methodFrame("connection.tune-ok", { channelMax: 2047, frameMax: LIMIT - 8, heartbeat: 0 }, 0),
    methodFrame("connection.open", { virtualHost: vhost }, 0),
    ...[1, 2, 3].map((channel) => methodFrame("channel.open", {}, channel)),
  ]);
}

test(
  "a real broker's other clients through the same link notice nothing",
  async ({ broker }) => {
    await withVhost(broker, async (vhost) => {
      const link = await LinkProcess.start(broker.amqp as Address);
      onTestFinished(() => link.close());
      const { host, port } = link.address;
      const bystander = await connect(`amqp://guest:guest@${host}:${port}/${vhost}`);
      bystander.on("error", () => {}); // What becomes of it is seen by its confirms.
      const channel = await bystander.createConfirmChannel();
      const { queue } = await channel.assertQueue("bystander");
      let published = 0;
      const input = fc.tuple(validFrames("client"), damages);
      const property = fc.asyncProperty(input, async ([frames, harm]) => {
        const damage = damaged(frames, harm);
        const client = await Peer.connect(link.address);
        const said = Buffer.concat([login(vhost), damage, lastRequest]);
        client.write(said);
        const refused = isRefused(said, { protocolHeader: true });
        if (!refused) {
          const isAsked = endsIn(said, lastRequest);
          await client.until("the broker's answer", ({ received }) =>
            isAsked ? isAnswered(received) : received.length > 0,
          );
          client.end();
        }
        await within("the client to be closed", client.closed, DEADLINE);
        const { violations } = await link.settle(1);
        expect(violations).toMatchObject(refused ? [{ by: "client" }] : []);
        channel.sendToQueue(queue, Buffer.from("?"));
        await channel.waitForConfirms();
        published++;
      });
      await fc.assert(property, { ...settings(PART), endOnFailure: true });
      expect((await channel.checkQueue(queue)).messageCount).toBe(published);
      await bystander.close();
      await link.settle(0);
    });
  },
  deadlineFor(PART),
);

/** Whether the last frame of the stream is this one; it may have been swallowed by a broken one. */
function endsIn(stream: Buffer, frame: Buffer): boolean {
  const last = readByReference(stream, LIMIT, true).frames.at(-1);
  return last?.end === stream.length && last.start === stream.length - frame.length;
}

/** All requests were answered, or the broker closes the connection, for one of them or on request. */
function isAnswered(received: Buffer): boolean {
  return [lastAnswer, ...goodbyes].some((bytes) => received.includes(bytes));
}

async function withVhost(broker: Broker, use: (vhost: string) => Promise<void>): Promise<void> {
  const admin = new Admin(broker);
  const vhost = `fuzz-${randomUUID()}`;
  await admin.createVhost(vhost);
  try {
    await use(vhost);
  } finally {
    await admin.deleteVhost(vhost);
  }
}
