/** A broker of several nodes behind one link. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { History } from "../../../harness/history/history.ts";
import { type Address, Link, type Upstream } from "../../../harness/link/link.ts";
import { until } from "../../../harness/until.ts";

const LOOPBACK = "127.0.0.1";

/** A server that stands for a node. */
async function listen(): Promise<{ server: Server; address: Address }> {
  const server = createServer((socket) => socket.on("error", () => {}));
  onTestFinished(() => {
    server.close();
  });
  await once(server.listen(0, LOOPBACK), "listening");
  return { server, address: { host: LOOPBACK, port: (server.address() as AddressInfo).port } };
}

/** A link to two nodes, the first of which may be down. */
async function linkToTwo({ isFirstUp }: { isFirstUp: boolean }) {
  const [first, second] = await Promise.all([listen(), listen()]);
  const history = new History();
  const nodes = new Map<string, Upstream>([
    ["node-1", () => (isFirstUp ? first.address : undefined)],
    ["node-2", () => second.address],
  ]);
  const link = new Link(history, nodes);
  onTestFinished(() => link.close());
  return { link, history, servers: [first.server, second.server] as const };
}

function dial(address: Address) {
  const socket = connect(address).on("error", () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

test("a subject has an address for each node, which stays the same; the first is its own", async () => {
  const { link } = await linkToTwo({ isFirstUp: true });
  const all = await link.openAll("w");
  expect(new Set(all.map(({ port }) => port)).size).toBe(2);
  expect(await link.openAll("w")).toEqual(all);
  expect(await link.open("w")).toEqual(all[0]);
  expect(await link.open("w", "node-2")).toEqual(all[1]);
  expect(await link.openAll("v")).not.toEqual(all);
});

test("each address leads to its node, and the history says which; numbers are unique", async () => {
  const { link, history, servers } = await linkToTwo({ isFirstUp: true });
  const [first, second] = await link.openAll("w");
  for (const [address, server] of [[second, servers[1]] as const, [first, servers[0]] as const]) {
    dial(address as Address);
    await once(server, "connection");
  }
  const opened = history.events.filter((event) => event.type === "connection-opened");
  expect(opened.map(({ node, connection }) => [node, connection])).toEqual([
    ["node-2", 1],
    ["node-1", 2],
  ]);
  expect(link.connections("w")).toBe(2);
});

test("a node that is down refuses, and the others do not", async () => {
  const { link, history, servers } = await linkToTwo({ isFirstUp: false });
  const [first, second] = await link.openAll("w");
  const refused = dial(first as Address);
  await new Promise((resolve) => refused.once("close", resolve));
  dial(second as Address);
  await once(servers[1], "connection");
  expect(history.events.map((event) => "node" in event && event.node)).toEqual(["node-2"]);
});

test("what strikes a subject strikes its connections to all nodes", async () => {
  const { link, history } = await linkToTwo({ isFirstUp: true });
  for (const address of await link.openAll("w")) dial(address);
  await until("both to be open", history, () => link.connections("w") === 2);
  expect(link.reset({ subject: "w" })).toBe(2);
});

test("a broker that is a single node has no name for it", async () => {
  const { address } = await listen();
  const history = new History();
  const link = new Link(history, () => address);
  onTestFinished(() => link.close());
  const [only] = await link.openAll("w");
  dial(only as Address);
  await until("it to be open", history, () => link.connections("w") === 1);
  expect(history.events[0]).not.toHaveProperty("node");
});
