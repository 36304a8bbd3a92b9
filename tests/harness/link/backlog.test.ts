/** Frames that stand in the link. */
import { describe, expect, test } from "vitest";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { decode } from "../../../harness/link/arrived.ts";
import { Backlog } from "../../../harness/link/backlog.ts";
import { bodyFrame, headerFrame, heartbeatFrame, methodFrame } from "../amqp/amqplib-codec.ts";

const publish = (channel = 1) =>
  methodFrame("basic.publish", { exchange: "", routingKey: "q" }, channel);
const header = (task: string, size: number, channel = 1) =>
  headerFrame(size, { messageId: task }, channel);
const ack = (deliveryTag: number, channel = 1) =>
  methodFrame("basic.ack", { deliveryTag }, channel);

/** Puts these frames in; each has come in two pieces. */
function standing(...frames: Buffer[]): Backlog {
  const backlog = new Backlog();
  for (const bytes of frames) {
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3)];
    for (const frame of new FrameReader().read(bytes)) backlog.push(decode(frame), pieces);
  }
  return backlog;
}

/** Takes all out. */
function drained(backlog: Backlog): Buffer {
  const bytes: Buffer[] = [];
  for (let next = backlog.shift(); next; next = backlog.shift()) bytes.push(...next.bytes);
  return Buffer.concat(bytes);
}

test("comes out as it went in, and is counted meanwhile", () => {
  const frames = [ack(1), heartbeatFrame, publish(), header("a", 2), bodyFrame("xy"), ack(2)];
  const backlog = standing(...frames);
  const all = Buffer.concat(frames);
  expect([backlog.isEmpty, backlog.bytes]).toEqual([false, all.length]);
  expect(backlog.cost).toBeGreaterThan(all.length); // Small frames are not for free.
  expect(drained(backlog)).toEqual(all);
  expect([backlog.isEmpty, backlog.bytes, backlog.cost]).toEqual([true, 0, 0]);
  expect(backlog.shift()).toBeUndefined();
});

test("goes on in order while it is filled and emptied by turns", () => {
  const backlog = new Backlog();
  const tags: number[] = [];
  for (let tag = 1; tag <= 3_000; tag++) {
    for (const frame of new FrameReader().read(ack(tag))) backlog.push(decode(frame), [ack(tag)]);
    const frame = tag % 3 === 0 ? undefined : backlog.shift()?.frame;
    if (frame?.type === "method" && frame.method.name === "basic.ack") {
      tags.push(frame.method.deliveryTag);
    }
  }
  expect(tags).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1));
  expect(backlog.bytes).toBe(1_000 * ack(1).length);
});

describe("what the head is about", () => {
  test("is the method, where it has no content", () => {
    expect(standing(ack(7)).head()).toMatchObject({ channel: 1, method: { deliveryTag: 7 } });
  });

  test("is known with its content's header, wherever that stands", () => {
    const backlog = standing(publish(1), publish(2), ack(9, 3), heartbeatFrame);
    expect(backlog.head()).toBe("incomplete");
    const frames = [header("b", 0, 2), header("a", 4, 1)];
    for (const bytes of frames) {
      for (const frame of new FrameReader().read(bytes)) backlog.push(decode(frame), [bytes]);
    }
    expect(backlog.head()).toMatchObject({ channel: 1, properties: { messageId: "a" } });
    backlog.shift();
    expect(backlog.head()).toMatchObject({ channel: 2, properties: { messageId: "b" } });
  });

  test("is nothing, where it is no method, or has no header", () => {
    expect(standing(bodyFrame("?"), ack(1)).head()).toBeUndefined();
    expect(standing(publish(1), ack(1, 1)).head()).toBeUndefined();
    expect(new Backlog().head()).toBeUndefined();
  });
});

describe("the middle of the head", () => {
  /** Every frame that ends within so many bytes. */
  function whole(frames: Buffer[], bytes: number): Buffer[] {
    let end = 0;
    return frames.filter((frame) => {
      end += frame.length;
      return end <= bytes;
    });
  }

  const contents = {
    "a method alone": [ack(1)],
    "an empty content": [publish(), header("a", 0)],
    "a long body": [publish(), header("a", 4_000), bodyFrame("x".repeat(4_000))],
    "a long header": [publish(), header("a".repeat(250), 1), bodyFrame("x")],
    "a body in parts": [
      publish(),
      header("a", 30),
      ...["x", "y", "z"].map((each) => bodyFrame(each.repeat(10))),
    ],
    "a body that has not all come": [publish(), header("a", 4_000), bodyFrame("x")],
  };

  test.each(Object.entries(contents))("is inside one of its frames: %s", (_, frames) => {
    const middle = standing(...frames, ack(1), ack(2)).middle();
    const total = frames.reduce((sum, { length }) => sum + length, 0);
    const before = Buffer.concat(whole(frames, middle)).length;
    expect(middle).toBeGreaterThan(before); // A part of the frame goes,
    expect(middle).toBeLessThan(total); // and never all of the head.
    expect(whole(frames, middle).length).toBeLessThan(frames.length);
  });

  test("is inside a frame of its own, not of another channel's in between", () => {
    const others = [
      publish(2),
      header("b", 2_000, 2),
      bodyFrame("y".repeat(2_000), 2),
      heartbeatFrame,
    ];
    const frames = [publish(1), ...others, header("a", 1, 1), bodyFrame("x", 1)];
    const middle = standing(...frames).middle();
    const torn = frames[whole(frames, middle).length] as Buffer;
    expect(Buffer.concat(whole(frames, middle)).length).toBeLessThan(middle);
    expect([frames[0], frames[5], frames[6]]).toContainEqual(torn);
  });
});
