/** Frames put together to methods with their content. */
import { expect, test } from "vitest";
import { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import { decode } from "../../../harness/link/arrived.ts";
import { Contents } from "../../../harness/link/contents.ts";
import { bodyFrame, headerFrame, heartbeatFrame, methodFrame } from "../amqp/amqplib-codec.ts";

/** Contents that are shown frames, and what they have told: the task or method, and its fate. */
class Shown {
  readonly told: string[] = [];
  readonly contents = new Contents(({ channel, method, properties }, dropped) => {
    const what = properties?.messageId ?? method.name;
    this.told.push(`${channel}: ${what}${dropped ? " (dropped)" : ""}`);
  });

  see(frame: Buffer, dropped = false): this {
    for (const each of new FrameReader().read(frame)) this.contents.see(decode(each), dropped);
    return this;
  }
}

const publish = (channel = 1) =>
  methodFrame("basic.publish", { exchange: "", routingKey: "q" }, channel);
const header = (task: string, size: number, channel = 1) =>
  headerFrame(size, { messageId: task }, channel);
const ack = (channel = 1) => methodFrame("basic.ack", { deliveryTag: 1 }, channel);

test("a method without content is told of at once", () => {
  expect(new Shown().see(ack()).told).toEqual(["1: basic.ack"]);
});

test("a method with content is told of when the last byte of its body has come", () => {
  const shown = new Shown().see(publish()).see(header("a", 5)).see(bodyFrame("abc"));
  expect([shown.told, shown.contents.isOpen(1)]).toEqual([[], true]);
  shown.see(heartbeatFrame).see(bodyFrame("de"));
  expect([shown.told, shown.contents.isOpen(1)]).toEqual([["1: a"], false]);
});

test("an empty body needs no frame", () => {
  expect(new Shown().see(publish()).see(header("a", 0)).told).toEqual(["1: a"]);
});

test("channels interleave", () => {
  const shown = new Shown()
    .see(publish(1))
    .see(publish(2))
    .see(header("b", 1, 2))
    .see(ack(3));
  shown
    .see(header("a", 1, 1))
    .see(bodyFrame("b", 2))
    .see(bodyFrame("a", 1));
  expect(shown.told).toEqual(["3: basic.ack", "2: b", "1: a"]);
});

test.each([
  ["its method", [true, false, false, false]],
  ["its header", [false, true, false, false]],
  ["the first part of its body", [false, false, true, false]],
  ["the last part of its body", [false, false, false, true]],
] as const)("it is dropped if %s is", (_, [method, head, first, last]) => {
  const shown = new Shown().see(publish(), method).see(header("a", 2), head);
  expect(shown.see(bodyFrame("x"), first).see(bodyFrame("y"), last).told).toEqual([
    "1: a (dropped)",
  ]);
});

test("what never becomes whole is dropped: by the next method, or by the end", () => {
  const shown = new Shown()
    .see(publish(1))
    .see(header("a", 9, 1))
    .see(ack(1));
  expect(shown.told).toEqual(["1: a (dropped)", "1: basic.ack"]);
  shown
    .see(publish(1))
    .see(header("b", 9, 1))
    .see(publish(2))
    .see(header("c", 9, 2));
  shown.contents.abort();
  shown.contents.abort();
  expect(shown.told.slice(2)).toEqual(["1: b (dropped)", "2: c (dropped)"]);
});

test("without a header there is nothing to say", () => {
  const shown = new Shown().see(publish()).see(bodyFrame("stray", 7));
  shown.contents.abort();
  expect(shown.told).toEqual([]);
});
