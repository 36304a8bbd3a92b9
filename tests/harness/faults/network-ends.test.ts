/** What both ends of a connection see of the faults that end it, between plain sockets. */
import { expect } from "vitest";
import { Network } from "../../../harness/faults/network.ts";
import type { Stage } from "../../../harness/faults/stage.ts";
import { Sink } from "../../../harness/sink/sink.ts";
import { methodFrame } from "../amqp/amqplib-codec.ts";
import { type Line, test as lineTest } from "../link/line.ts";

const ACK = methodFrame("basic.ack", { deliveryTag: 1, multiple: false });

/** A test with the network of a link that needs no broker. */
const test = lineTest.extend("network", async ({ line }, { onCleanup }) => {
  const sink = await Sink.start(line.history);
  onCleanup(() => sink.close());
  const { history, link } = line;
  return new Network({ history, link, sink } as Stage);
});

function expectLanded(line: Line, fault: string): void {
  expect(line.told("fault-injected")).toMatchObject([{ fault, target: "client" }]);
  const evidence = "the broker has ended 1 of client's connections";
  expect(line.told("fault-witnessed")).toMatchObject([{ fault, evidence }]);
}

test("a reset: both see ECONNRESET", async ({ line, network }) => {
  const { client, broker } = await line.connect();
  await network.reset("client");
  expect([await client.ends(), await broker.ends()]).toEqual(["ECONNRESET", "ECONNRESET"]);
  expectLanded(line, "connection-reset");
});

test("a close: both see an end in order, and it has landed once the broker has answered", async ({
  line,
  network,
}) => {
  const { client, broker } = await line.connect();
  const landed = network.close("client");
  expect([await client.ends(), await broker.ends()]).toEqual(["in order", "in order"]);
  expect(line.told("fault-witnessed")).toEqual([]);
  broker.finish();
  await landed;
  expectLanded(line, "connection-close");
});

test("a tear: the receiver sees an end in order, the sender ECONNRESET", async ({
  line,
  network,
}) => {
  const { client, broker } = await line.connect();
  const landed = network.tear("client", { at: "ack-held" });
  client.write(ACK, ACK);
  expect([await client.ends(), await broker.ends()]).toEqual(["ECONNRESET", "in order"]);
  expect(broker.received).toEqual(ACK.subarray(0, 10));
  broker.finish();
  await landed;
  expectLanded(line, "torn-frame");
});

test("a refusal: the client sees ECONNRESET, until it is healed", async ({ line, network }) => {
  const refusal = await network.refuse("client");
  expect(await (await line.dial()).ends()).toBe("ECONNRESET");
  refusal.heal();
  await line.connect();
  const evidence = "client was refused a connection";
  expect(line.told("fault-witnessed")).toMatchObject([{ fault: "connection-refusal", evidence }]);
  expect(line.told("fault-healed")).toMatchObject([{ fault: "connection-refusal" }]);
});

test("healing is once: the second time changes nothing", async ({ line, network }) => {
  const stall = await network.stall("client");
  stall.heal();
  stall.heal();
  network.heal();
  expect(line.told("fault-healed")).toHaveLength(1);
});

test("whatever lasts is healed in the end; what blocks, before that", async ({ line, network }) => {
  await network.delay("client", { by: 10 });
  await network.throttle("client", { bytesPerSecond: 10 });
  await network.cutAfter("client", { bytes: 1_000 });
  await network.stall("client");
  await network.halfOpen("client");
  await network.refuse("client");
  const healed = () => line.told("fault-healed").map(({ fault }) => fault);
  network.unblock();
  expect(healed()).toEqual(["stall", "half-open", "connection-refusal"]);
  network.heal();
  expect(healed().slice(3)).toEqual(["latency", "bandwidth", "cut-after"]);
});
