/** What the link says in a client's place, and takes out of what the broker answers to it. */
import { describe, expect, test as plainTest } from "vitest";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { decodeMethod } from "../../../harness/amqp/methods.ts";
import { ack, impossible, isFlowOk, keepFlowing } from "../../../harness/link/own-methods.ts";
import { amqplibMethods, bodyFrame, headerFrame, methodFrame } from "../amqp/amqplib-codec.ts";
import { Bench } from "./bench.ts";
import { test } from "./line.ts";

/** What a client sends on two channels; each part is a frame. */
const parts = [
  { channel: 1, bytes: methodFrame("basic.ack", { deliveryTag: 1 }, 1) },
  { channel: 1, bytes: methodFrame("basic.publish", { exchange: "", routingKey: "q" }, 1) },
  { channel: 2, bytes: methodFrame("basic.ack", { deliveryTag: 2 }, 2) },
  { channel: 1, bytes: headerFrame(6, { messageId: "a" }, 1) },
  { channel: 1, bytes: bodyFrame("abc", 1) },
  { channel: 2, bytes: methodFrame("basic.publish", { exchange: "", routingKey: "q" }, 2) },
  { channel: 1, bytes: bodyFrame("def", 1) },
  { channel: 2, bytes: headerFrame(0, { messageId: "b" }, 2) },
  { channel: 1, bytes: methodFrame("basic.ack", { deliveryTag: 3 }, 1) },
];
const stream = Buffer.concat(parts.map(({ bytes }) => bytes));
const ends = parts.map((_, index) =>
  parts.slice(0, index + 1).reduce((sum, { bytes }) => sum + bytes.length, 0),
);

/** Frames of a channel between which nothing else may come on it: from the first to the last. */
const contents: Record<number, [number, number]> = { 1: [1, 6], 2: [5, 7] };

/** The first place from a byte on at which something may be said on a channel. */
function placeFor(channel: number, from: number): number {
  const [first, last] = contents[channel] as [number, number];
  const isLegal = (end: number) => {
    const index = ends.indexOf(end);
    return index < first || index >= last;
  };
  return [0, ...ends].find((end) => end >= from && (end === 0 || isLegal(end))) as number;
}

describe("an interjection", () => {
  for (const channel of [1, 2]) {
    plainTest.each([1, 2, 3, 7, 11, 29, 1000])(
      `on channel ${channel} stands between frames, whenever it is made; chunks of %i bytes`,
      (size) => {
        const bytes = ack(channel, 99);
        for (let at = 0; at <= stream.length; at += size) {
          const bench = new Bench();
          const said: number[] = [];
          for (let from = 0; from < stream.length; from += size) {
            const make = () =>
              bench.direction.interject({ channel, bytes, said: () => said.push(from) });
            if (from === at) make();
            bench.direction.feed(stream.subarray(from, from + size));
            if (at >= stream.length && from + size >= stream.length) make();
          }
          const place = placeFor(channel, Math.min(at, stream.length));
          const expected = [stream.subarray(0, place), bytes, stream.subarray(place)];
          expect(bench.output.equals(Buffer.concat(expected))).toBe(true);
          expect(said).toHaveLength(1);
          expect(bench.seen).toEqual(["ack 1", "ack 2", "publish a", "publish b", "ack 3"]);
        }
      },
    );
  }

  plainTest("overtakes what is held, and is not said where nothing is forwarded any more", () => {
    const bench = new Bench();
    bench.arm("ack");
    bench.direction.feed(stream);
    const bytes = ack(1, 99);
    bench.direction.interject({ channel: 1, bytes, said: () => {} });
    expect(bench.output).toEqual(bytes);
    bench.direction.forwardHeld();
    expect(bench.output).toEqual(Buffer.concat([bytes, stream]));
    bench.direction.abort();
    let isSaid = false;
    bench.direction.interject({ channel: 1, bytes, said: () => (isSaid = true) });
    expect([isSaid, bench.output.length]).toEqual([false, bytes.length + stream.length]);
  });
});

describe("a removal", () => {
  plainTest.each([1, 2, 7, 1000])("takes out one frame, once; chunks of %i bytes", (size) => {
    const ok = methodFrame("channel.flow-ok", { active: true }, 1);
    const all = Buffer.concat([stream, ok, stream, ok]);
    const bench = new Bench();
    bench.direction.remove((frame) => isFlowOk(frame, 2));
    bench.direction.remove((frame) => isFlowOk(frame, 1));
    for (let from = 0; from < all.length; from += size) {
      bench.direction.feed(all.subarray(from, from + size));
    }
    expect(bench.output.equals(Buffer.concat([stream, stream, ok]))).toBe(true);
  });

  plainTest("sees through what is held before it", () => {
    const bench = new Bench();
    bench.arm("ack");
    let isSeen = false;
    bench.direction.remove((frame) => {
      isSeen ||= isFlowOk(frame, 1);
      return isSeen;
    });
    bench.direction.feed(methodFrame("basic.ack", { deliveryTag: 1 }, 1));
    bench.direction.feed(methodFrame("channel.flow-ok", { active: true }, 1));
    expect([isSeen, bench.output.length]).toEqual([true, 0]);
  });
});

describe("the link's own methods", () => {
  plainTest("are those that amqplib would write", () => {
    expect(ack(7, 2 ** 40)).toEqual(methodFrame("basic.ack", { deliveryTag: 2 ** 40 }, 7));
    expect(keepFlowing(7)).toEqual(methodFrame("channel.flow", { active: true }, 7));
    const fields = { queue: "closed by ackproof", durable: true };
    const declared = methodFrame("queue.declare", { ...fields, arguments: {} }, 7);
    const own = impossible(7);
    const [frame] = new FrameReader().read(own);
    expect(frame).toMatchObject({ type: "method", channel: 7, end: own.length });
    expect(decodeMethod(frame?.payload as Buffer)).toMatchObject({ classId: 50, methodId: 10 });
    const upToTable = declared.length - 5; // Without the table's size and the end octet.
    expect(own.subarray(7, upToTable)).toEqual(declared.subarray(7, upToTable));
    expect(amqplibMethods.get("queue.declare")).toBe((50 << 16) | 10);
  });
});

test("a forged ack resolves behind the broker's answer, which the client never sees", async ({
  line,
}) => {
  const { client, broker } = await line.connect();
  let isProcessed = false;
  const processed = line.link.forgeAck({ connection: 1, channel: 1, tag: 1 }).then(() => {
    isProcessed = true;
  });
  const own = Buffer.concat([ack(1, 1), keepFlowing(1)]);
  await broker.until("the ack", () => broker.received.includes(own));
  expect(line.told("ack-forged")).toMatchObject([{ subject: "client", channel: 1, tag: 1 }]);
  expect(isProcessed).toBe(false);
  const after = methodFrame("basic.cancel-ok", { consumerTag: "c" }, 1);
  broker.write(Buffer.concat([methodFrame("channel.flow-ok", { active: true }, 1), after]));
  await processed;
  await client.until("what follows", () => client.received.length >= after.length);
  expect(client.received).toEqual(after);
});

test("nothing is said on a connection that has ended", async ({ line }) => {
  const { broker } = await line.connect();
  broker.destroy();
  await line.eventually("connection-closed");
  const gone = "There is no connection 1 any more";
  expect(() => line.link.forgeAck({ connection: 1, channel: 1, tag: 1 })).toThrow(gone);
  expect(() => line.link.provokeClose({ connection: 1, channel: 1 })).toThrow(gone);
});
