/** A cluster that somebody else runs, behind one address that leads to each of its nodes in turn. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditResult } from "../../../harness/report/audit-result.ts";
import { closeLaneCluster, laneCluster } from "../../../harness/scenario/lane-cluster.ts";
import { laneBroker } from "../../../harness/vitest.ts";

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");
const WORKER = ["--", process.execPath, "fixtures/subjects/amqplib/worker.ts"];
const folder = mkdtempSync(join(tmpdir(), "ackproof-cluster-"));
const led = new Set<string>();
let balancer: Server;
let url: string;

/** As a load balancer does it: whoever connects comes to the next node. */
beforeAll(async () => {
  const { cluster } = await laneCluster(3, await laneBroker());
  const nodes = [...(cluster?.nodes ?? [])];
  let next = 0;
  balancer = createServer((client) => {
    const [name, node] = nodes[next++ % nodes.length] ?? [];
    led.add(name ?? "");
    const broker = connect(node?.amqp ?? { port: 0 });
    for (const socket of [client, broker]) socket.on("error", () => {});
    client.on("close", () => broker.destroy());
    broker.on("close", () => client.destroy());
    client.pipe(broker).pipe(client);
  });
  await once(balancer.listen(0, "127.0.0.1"), "listening");
  url = `amqp://guest:guest@127.0.0.1:${(balancer.address() as AddressInfo).port}/`;
}, 180_000);

afterAll(async () => {
  balancer?.close();
  await closeLaneCluster();
  rmSync(folder, { recursive: true });
});

function command(...args: string[]) {
  const env = { ACKPROOF_DIR: folder };
  return execa(process.execPath, [MAIN, ...args], { env, reject: false });
}

test("an audit does to the worker what can be done, and says what can't be done to the cluster", async () => {
  const json = join(folder, "audit.json");
  const settings = ["--broker", url, "--queue-type", "quorum", "--quick", "--json", json];
  const { exitCode, stdout } = await command("audit", ...settings, ...WORKER);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("quorum")]);
  const { trials } = JSON.parse(readFileSync(json, "utf8")) as AuditResult;
  const skipped = trials.filter(({ outcome }) => outcome === "not-applicable");
  const held = trials.filter(({ outcome }) => outcome === "held");
  expect(held.map(({ name }) => name)).toContain("SIGKILL, mid-task");
  expect(skipped.flatMap(({ reasons }) => reasons)).toContain(
    "the broker is yours: it is left alone",
  );
  expect([...led].sort()).toEqual(["node-1", "node-2", "node-3"]);
}, 300_000);

test("a soak kills its workers, and accounts for every task", async () => {
  const settings = ["--messages", "5000", "--worker-kills", "1", "--queue", "quorum"];
  const { exitCode, stdout } = await command("soak", "--broker", url, ...settings);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("HELD: 5,000 confirmed tasks")]);
}, 180_000);

test("a broker kill is refused: the cluster is somebody else's", async () => {
  const { exitCode, stderr } = await command("soak", "--broker", url, "--broker-kills", "1");
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining("is not ours to kill")]);
});
