/** A connection that ends in the middle of the very frames that a hold is about. */
import { describe, expect } from "vitest";
import type { Holdable } from "../../../harness/history/event.ts";
import type { Towards } from "../../../harness/link/impairment.ts";
import { within } from "../../../harness/until.ts";
import { bodyFrame, headerFrame, heartbeatFrame, methodFrame } from "../amqp/amqplib-codec.ts";
import { type Line, type Pair, test } from "./line.ts";

const route = { exchange: "", routingKey: "q" };
const content = (task: string, size: number) => [
  headerFrame(size, { messageId: task }),
  ...(size > 0 ? [bodyFrame("x".repeat(size))] : []),
];
const publish = (task: string, size = 20) => [
  methodFrame("basic.publish", route),
  ...content(task, size),
];
const deliver = (task: string, size = 20) => {
  const fields = { consumerTag: "c", deliveryTag: 1, redelivered: false, ...route };
  return [methodFrame("basic.deliver", fields), ...content(task, size)];
};
const ack = [methodFrame("basic.ack", { deliveryTag: 1, multiple: false })];

/** What is torn, and the events that say of it that it did not arrive. */
const CASES: [Holdable, Towards, frames: Buffer[], dropped: string[]][] = [
  ["publish", "broker", publish("t1"), ["published"]],
  ["publish", "broker", publish("t1", 0), ["published"]],
  ["publish", "broker", publish("t1", 4_000), ["published"]],
  ["ack", "broker", ack, ["acked"]],
  ["confirm", "client", ack, ["publish-confirmed"]],
  ["delivery", "client", deliver("t1"), ["delivered"]],
  ["delivery", "client", deliver("t1", 4_000), ["delivered"]],
];

/** A connection with a confirm channel on which one task is published and one delivered. */
async function inUse(line: Line): Promise<Pair> {
  const pair = await line.connect();
  const opening = [methodFrame("channel.open"), methodFrame("confirm.select"), ...publish("t0")];
  pair.client.write(...opening);
  await pair.broker.receives(...opening);
  return pair;
}

describe.for(CASES)("a torn %s, towards the %s", ([what, towards, frames, dropped]) => {
  const total = frames.reduce((sum, { length }) => sum + length, 0);

  test(`of ${total} bytes: a part of it comes, and never the rest`, async ({ line }) => {
    const pair = await inUse(line);
    const [sender, receiver] = [pair.sender(towards), pair.receiver(towards)];
    const before = receiver.received;
    const { landed } = line.link.hold({ subject: "client", what });
    sender.write(heartbeatFrame, ...frames, heartbeatFrame);
    (await within("it to be held", landed)).tear();
    expect(await receiver.ends()).toBe("in order");
    expect(await sender.ends()).toBe("ECONNRESET");

    const expected = Buffer.concat([before, heartbeatFrame, ...frames]);
    const received = receiver.received;
    expect(received).toEqual(expected.subarray(0, received.length));
    const torn = received.length - before.length - heartbeatFrame.length;
    expect(torn).toBeGreaterThan(0);
    expect(torn).toBeLessThan(total);
    expect(boundaries(frames)).not.toContain(torn);
    receiver.finish();
    expect(await line.eventually("connection-closed")).toMatchObject([
      { by: "link", clean: false },
    ]);
    const marked = line.history.events.filter((event) => "dropped" in event && event.dropped);
    expect(marked.map(({ type }) => type)).toEqual(dropped);
    expect(line.told("hold-ended")).toMatchObject([{ outcome: "dropped" }]);
  });
});

/** Where one frame ends and the next begins. */
function boundaries(frames: Buffer[]): number[] {
  let at = 0;
  return [0, ...frames.map(({ length }) => (at += length))];
}
