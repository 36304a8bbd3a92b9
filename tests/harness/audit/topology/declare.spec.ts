/** The queues of a trial, declared on a real broker: the audit's own, and the user's. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelModel, connect } from "amqplib";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkRouting } from "../../../../harness/audit/topology/check-routing.ts";
import {
  declareTopology,
  type Site,
  survey,
  type TopologyOptions,
} from "../../../../harness/audit/topology/declare-topology.ts";
import { Admin } from "../../../../harness/broker/admin.ts";
import { History } from "../../../../harness/history/history.ts";
import { laneBroker } from "../../../../harness/vitest.ts";

const PLAIN: TopologyOptions = {
  queue: "work",
  queueType: "classic",
  exchange: "",
  routingKey: "work",
  output: undefined,
  definitions: undefined,
  setup: undefined,
};

async function site(queueType = "classic"): Promise<Required<Site>> {
  const broker = await laneBroker();
  const admin = new Admin(broker);
  const vhost = `topology-${randomUUID()}`;
  await admin.createVhost(vhost, queueType);
  const { host = "", port = 0 } = broker.amqp ?? {};
  const url = `amqp://guest:guest@${host}:${port}/${vhost}`;
  const connection = await connect(url);
  connection.on("error", () => {});
  onTestFinished(async () => {
    await connection.close().catch(() => {}); // A refusal may have ended it.
    await admin.deleteVhost(vhost);
  });
  return { connection, url, vhost, admin };
}

async function fileOf(whole: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ackproof-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "definitions.json");
  await writeFile(path, JSON.stringify(whole));
  return path;
}

/** Publishes a task, rejects it, and says where it is then found. */
async function parkedIn(connection: ChannelModel, queue: string, parking: string) {
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(queue, Buffer.from("task"), { messageId: "task-1" });
  await channel.waitForConfirms();
  const { promise, resolve } = Promise.withResolvers<string>();
  await channel.consume(parking, (message) => resolve(message?.properties.messageId), {
    noAck: true,
  });
  await channel.consume(queue, (message) => message && channel.reject(message, false));
  return promise;
}

function declared(history: History) {
  return history.events.flatMap((event) =>
    event.type === "queue-declared" ? [[event.queue, event.role, event.queueType]] : [],
  );
}

describe("the audit's own queues", () => {
  test.for(["classic", "quorum"] as const)(
    "%s: dead letters are parked, and a worker may declare the work queue itself",
    async (queueType) => {
      const place = await site(queueType);
      const topology = await declareTopology({ ...PLAIN, queueType, output: "done" }, place);
      const history = new History();
      expect(topology.tell(history)).toEqual(["work", "work.parked"]);
      expect(declared(history)).toEqual([
        ["work", "work", queueType],
        ["work.parked", "parking", queueType],
        ["done", "output", queueType],
      ]);
      const channel = await place.connection.createChannel();
      await channel.assertQueue("work", { durable: true });
      await channel.assertQueue("done", { durable: true });
      expect(await parkedIn(place.connection, "work", "work.parked")).toBe("task-1");
    },
  );

  test("without a management API, dead letters are parked as well", async () => {
    const { admin: _, ...place } = await site();
    await declareTopology(PLAIN, place);
    expect(await parkedIn(place.connection, "work", "work.parked")).toBe("task-1");
  });

  test("what is there already stays as it is", async () => {
    const place = await site();
    const channel = await place.connection.createChannel();
    await channel.assertQueue("work", { durable: false, arguments: { "x-max-length": 3 } });
    await channel.assertExchange("orders", "topic");
    await declareTopology({ ...PLAIN, exchange: "orders", routingKey: "order.new" }, place);
    await channel.assertQueue("work", { durable: false, arguments: { "x-max-length": 3 } });
    await checkRouting(place.connection, await declareTopology(PLAIN, place));
  });

  test("an exchange of the user's name leads to the work queue", async () => {
    const place = await site();
    const options = { ...PLAIN, exchange: "orders", routingKey: "new" };
    const topology = await declareTopology(options, place);
    await checkRouting(place.connection, topology);
    const channel = await place.connection.createChannel();
    expect(await channel.checkQueue("work")).toMatchObject({ messageCount: 0 });
  });
});

const SHOP = {
  queues: [
    { vhost: "/", name: "work", durable: true, arguments: { "x-queue-type": "quorum" } },
    { vhost: "/", name: "copies", durable: true, arguments: {} },
    { vhost: "/", name: "failed", durable: true, arguments: {} },
    { vhost: "other", name: "elsewhere", durable: true, arguments: {} },
  ],
  exchanges: [
    { vhost: "/", name: "orders", type: "topic", durable: true },
    { vhost: "/", name: "dlx", type: "fanout", durable: true },
  ],
  bindings: [
    {
      vhost: "/",
      source: "orders",
      destination: "work",
      destination_type: "queue",
      routing_key: "order.#",
    },
    {
      vhost: "/",
      source: "orders",
      destination: "copies",
      destination_type: "queue",
      routing_key: "#",
    },
    {
      vhost: "/",
      source: "dlx",
      destination: "failed",
      destination_type: "queue",
      routing_key: "",
    },
  ],
  policies: [
    {
      vhost: "/",
      name: "dead letters",
      pattern: "^work$",
      "apply-to": "queues",
      definition: { "dead-letter-exchange": "dlx" },
      priority: 3,
    },
  ],
};

describe("definitions", () => {
  const routing = { exchange: "orders", routingKey: "order.new" };

  test("are declared in the trial's virtual host, with their bindings and policies", async () => {
    const place = await site();
    const options = { ...PLAIN, ...routing, definitions: await fileOf(SHOP) };
    const topology = await declareTopology(options, place);
    const history = new History();
    topology.tell(history);
    expect(declared(history)).toEqual([
      ["work", "work", "quorum"],
      ["failed", "parking", "classic"],
    ]);
    expect(topology.queues("elsewhere")).toEqual(["copies"]);
    await checkRouting(place.connection, topology);
    const channel = await place.connection.createChannel();
    const left = [await channel.checkQueue("work"), await channel.checkQueue("copies")];
    expect(left.map(({ messageCount }) => messageCount)).toEqual([0, 0]);
    expect(await parkedIn(place.connection, "work", "failed")).toBe("task-1");
  });

  test("that the broker itself exports can be read again", async () => {
    const first = await site();
    const options = { ...PLAIN, ...routing, definitions: await fileOf(SHOP) };
    await declareTopology(options, first);
    const text = await first.admin.definitions(first.vhost);
    const again = await fileOf(JSON.parse(text));
    const second = await site();
    const topology = await declareTopology({ ...options, definitions: again }, second);
    expect(topology.queues("work", "parking").sort()).toEqual(["failed", "work"]);
    expect(await parkedIn(second.connection, "work", "failed")).toBe("task-1");
  });

  test.for([
    [
      "a queue that is not among them",
      { queue: "tasks" },
      {},
      /The work queue "tasks" isn't among the queues of .*definitions.json \(work, copies, failed\)/,
    ],
    [
      "no queue at all",
      {},
      { queues: [], bindings: [] },
      /definitions.json defines no queue: export the definitions by "rabbitmqctl/,
    ],
    [
      "an output queue that is not there",
      { output: "done" },
      {},
      /The output queue "done" isn't there after .*definitions.json has had its turn/,
    ],
    [
      "an exchange of a type that the broker does not know",
      {},
      { exchanges: [{ name: "later", type: "x-delayed-message" }] },
      /The broker refused the exchange "later" of .*definitions.json: .*x-delayed-message/,
    ],
    [
      "an argument that the broker does not take",
      {},
      { queues: [{ name: "work", arguments: { "x-max-length": "many" } }] },
      /The broker refused the queue "work" of .*: .*x-max-length/,
    ],
    [
      "a binding to nothing",
      {},
      { bindings: [{ source: "orders", destination: "none", destination_type: "queue" }] },
      /The broker refused the binding of "none" to "orders" of .*: .*no queue 'none'/,
    ],
    [
      "a policy that the broker does not take",
      {},
      { policies: [{ name: "bad", pattern: ".", definition: { "max-length": "many" } }] },
      /The broker refused the policy "bad" of .*: .*many/,
    ],
  ] as const)("with %s are refused in words", async ([, asked, besides, words]) => {
    const definitions = await fileOf({ ...SHOP, ...besides });
    const tried = declareTopology({ ...PLAIN, ...asked, definitions }, await site());
    await expect(tried).rejects.toThrow(words);
    await expect(tried).rejects.toMatchObject({ name: "SetupError" });
  });

  test("leave alone what every virtual host has, and may lead from exchange to exchange", async () => {
    const place = await site();
    const to = (source: string, destination: string, destination_type = "queue") => ({
      ...{ source, destination, destination_type, routing_key: destination },
    });
    const whole = {
      queues: [{ name: "work" }],
      exchanges: ["", "amq.mine", "orders", "inner"].map((name) => ({ name, type: "fanout" })),
      bindings: [to("", "work"), to("orders", "inner", "exchange"), to("inner", "work")],
    };
    const options = { ...PLAIN, exchange: "orders", definitions: await fileOf(whole) };
    const topology = await declareTopology(options, place);
    await checkRouting(place.connection, topology);
    expect(topology.queues("work")).toEqual(["work"]);
  });

  test("with policies need a management API", async () => {
    const { admin: _, ...place } = await site();
    const tried = declareTopology({ ...PLAIN, definitions: await fileOf(SHOP) }, place);
    await expect(tried).rejects.toThrow('The policy "dead letters" of');
  });
});

/** A command that runs a program with a channel of the trial's virtual host. */
function command(body: string): string {
  const program = `
    import { connect } from "amqplib";
    const connection = await connect(process.env.AMQP_URL);
    const channel = await connection.createChannel();
    ${body}
    await connection.close();`;
  return `${process.execPath} --input-type=module -e '${program}'`;
}

describe("a setup command", () => {
  const declares = command(`
    await channel.assertQueue("dead");
    await channel.assertQueue(process.env.QUEUE, { deadLetterExchange: "", deadLetterRoutingKey: "dead" });
    await channel.assertQueue("other");`);

  test("declares what it likes, and what that is is found out", async () => {
    const place = await site();
    const topology = await declareTopology({ ...PLAIN, setup: declares }, place);
    const history = new History();
    expect(topology.tell(history).sort()).toEqual(["dead", "work"]);
    expect(declared(history).sort()).toEqual([
      ["dead", "parking", "classic"],
      ["work", "work", "classic"],
    ]);
    expect(topology.queues("elsewhere")).toEqual(["other"]);
  });

  test("without a management API, the work queue is all that is known", async () => {
    const { admin: _, ...place } = await site();
    const topology = await declareTopology({ ...PLAIN, setup: declares }, place);
    expect(topology.tell(new History())).toEqual(["work"]);
  });

  test.for([
    [
      "fails",
      "echo no database >&2; exit 4",
      /The setup command failed with exit code 4: .*\nIt said:\n {2}no database/s,
    ],
    [
      "declares something else",
      "true",
      /The work queue "work" isn't there after the setup command/,
    ],
  ] as const)("that %s is refused in words", async ([, setup, words]) => {
    const tried = declareTopology({ ...PLAIN, setup }, await site());
    await expect(tried).rejects.toThrow(words);
    await expect(tried).rejects.toMatchObject({ name: "SetupError" });
  });
});

test("what a worker declares meanwhile is found by another look, and told once", async () => {
  const place = await site();
  const topology = await declareTopology(PLAIN, place);
  const history = new History();
  topology.tell(history);
  const channel = await place.connection.createChannel();
  await channel.assertQueue("failed");
  await survey(topology, place);
  expect(topology.queues("elsewhere")).toEqual(["failed"]);
  topology.tell(history);
  expect(declared(history)).toHaveLength(2);
  await channel.deleteQueue("work"); // What a fault may do.
  await survey(topology, place);
  expect(topology.queues("work", "parking").sort()).toEqual(["work", "work.parked"]);
});

describe("tasks that would not arrive are refused in words", () => {
  test.for([
    [
      "unroutable",
      "orders",
      "invoice",
      SHOP.bindings.slice(0, 1),
      /routes nothing with the routing key "invoice"/,
    ],
    [
      "routed elsewhere",
      "orders",
      "invoice",
      SHOP.bindings,
      /does not route the routing key "invoice" to the work queue "work", but to copies\./,
    ],
    [
      "without an exchange",
      "nobody",
      "order.new",
      SHOP.bindings,
      /can be published by .*nobody.*: .*no exchange 'nobody'/,
    ],
  ] as const)("%s", async ([, exchange, routingKey, bindings, words]) => {
    const place = await site();
    const definitions = await fileOf({ ...SHOP, bindings });
    const options = { ...PLAIN, exchange, routingKey, definitions };
    const topology = await declareTopology(options, place);
    const checked = checkRouting(place.connection, topology);
    await expect(checked).rejects.toThrow(words);
    await expect(checked).rejects.toMatchObject({ name: "SetupError" });
  });
});
