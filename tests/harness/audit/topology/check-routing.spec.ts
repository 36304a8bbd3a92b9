/** Whether tasks would arrive, tried on a real broker; and what is there already stays. */
import { randomUUID } from "node:crypto";
import { type ChannelModel, connect } from "amqplib";
import { expect, onTestFinished, test } from "vitest";
import { checkRouting } from "../../../../harness/audit/topology/check-routing.ts";
import { parseDefinitions } from "../../../../harness/audit/topology/definitions.ts";
import { type Place, Topology } from "../../../../harness/audit/topology/topology.ts";
import { Admin } from "../../../../harness/broker/admin.ts";
import { laneBroker } from "../../../../harness/vitest.ts";

/** A virtual host with the queues `work` and `other`, and the exchange `orders`, bound to nothing. */
async function site(): Promise<ChannelModel> {
  const broker = await laneBroker();
  const admin = new Admin(broker);
  const vhost = `routing-${randomUUID()}`;
  await admin.createVhost(vhost, "classic");
  const { host = "", port = 0 } = broker.amqp ?? {};
  const connection = await connect(`amqp://guest:guest@${host}:${port}/${vhost}`);
  onTestFinished(async () => {
    await connection.close();
    await admin.deleteVhost(vhost);
  });
  const channel = await connection.createChannel();
  await channel.assertQueue("work");
  await channel.assertQueue("other");
  await channel.assertExchange("orders", "fanout");
  await channel.close();
  return connection;
}

async function bind(connection: ChannelModel, ...queues: string[]): Promise<void> {
  const channel = await connection.createChannel();
  for (const queue of queues) await channel.bindQueue(queue, "orders", "");
  await channel.close();
}

/** What is in a queue, in its order. */
async function contentOf(connection: ChannelModel, queue: string): Promise<string[]> {
  const channel = await connection.createChannel();
  const ids: string[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) break;
    ids.push(message.properties.messageId);
  }
  await channel.close();
  return ids;
}

function topology(but: Partial<Place>, ...bound: string[]): Topology {
  const place = {
    queue: "work",
    queueType: "classic",
    exchange: "orders",
    output: undefined,
  } as const;
  const bindings = bound.map((destination) => ({
    ...{ source: "orders", destination, destination_type: "queue" },
  }));
  const exchanges = [{ name: "orders", type: "fanout" }];
  const whole = parseDefinitions(JSON.stringify({ exchanges, bindings }), "it.json");
  return new Topology({ ...place, routingKey: "new", ...but }, whole);
}

test("what waits in the queues already is there afterwards, in its order, and nothing else", async () => {
  const connection = await site();
  await bind(connection, "work", "other");
  const channel = await connection.createConfirmChannel();
  for (const messageId of ["one", "two"]) {
    for (const queue of ["work", "other"])
      channel.sendToQueue(queue, Buffer.from(""), { messageId });
  }
  await channel.waitForConfirms();
  await checkRouting(connection, topology({}, "work", "other"));
  const left = [await contentOf(connection, "work"), await contentOf(connection, "other")];
  expect(left).toEqual([
    ["one", "two"],
    ["one", "two"],
  ]);
});

test("the default exchange leads to the queue of the routing key's name, and nowhere else", async () => {
  const connection = await site();
  await checkRouting(connection, topology({ exchange: "", routingKey: "none", queue: "none" }));
  const other = checkRouting(connection, topology({ exchange: "", routingKey: "other" }));
  await expect(other).rejects.toThrow(
    'The default exchange does not route the routing key "other" to the work queue "work", but to other. Name',
  );
  expect(await contentOf(connection, "other")).toEqual([]);
  const none = checkRouting(connection, topology({ exchange: "", routingKey: "none" }));
  await expect(none).rejects.toThrow(
    'The default exchange routes nothing with the routing key "none"',
  );
});

test("an exchange needs a binding, though the routing key is the queue's name", async () => {
  const unbound = checkRouting(await site(), topology({ routingKey: "work" }));
  await expect(unbound).rejects.toThrow(
    'The exchange "orders" routes nothing with the routing key "work"',
  );
});

test("where a task went that nobody knows of is not said", async () => {
  const connection = await site();
  await bind(connection, "other");
  await expect(checkRouting(connection, topology({}))).rejects.toThrow(
    'The exchange "orders" does not route the routing key "new" to the work queue "work". Name',
  );
});
