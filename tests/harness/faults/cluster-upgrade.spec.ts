/** Upgrades of a cluster's nodes: each lands, a refusal is undone, and one that changes nothing proves nothing. */
import { randomUUID } from "node:crypto";
import { getContainerRuntimeClient } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import type { Refusals } from "../../../harness/faults/node-upgrade.ts";
import { experiment } from "../../../harness/scenario/experiment.ts";
import type { Nodes } from "../../../harness/scenario/nodes.ts";
import { onOwnNodes } from "../../../harness/scenario/own-broker.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { imageThatRuns, removeImage } from "../engine.ts";
import { eventsOf } from "./struck.ts";
import { type Body, keepRunsAside, type Told, witnessOf } from "./told.ts";

keepRunsAside();

/** Images that refuse every data, and that are the lane's own by another name. */
const name = `ackproof/test-${randomUUID()}`;
const [refusing, alias] = [`${name}:refuses`, `${name}:alias`];

beforeAll(async () => {
  const { image } = await laneBroker();
  await imageThatRuns(refusing, image, "sleep 1; echo no luck today; exit 3");
  const { dockerode } = (await getContainerRuntimeClient()).container;
  await dockerode.getImage(image).tag({ repo: name, tag: "alias" });
});

afterAll(() => Promise.all([refusing, alias].map(removeImage)));

test("a node that is refused is back at the end; one that stays what it is proves nothing", async () => {
  const beside = await laneBroker();
  await onOwnNodes({ image: beside.image, nodes: 2, beside }, async (on) => {
    await refusedAndBack(on);
    await staysWhatItIs(on);
    await keepsItsLife(on);
  });
});

async function refusedAndBack(on: Nodes): Promise<void> {
  const node = secondOf(on);
  const { boot, image, version } = node;
  let refusals: Refusals | undefined;
  const told = await tellOf(on, async (rig) => {
    refusals = await rig.cluster.upgrade(refusing, "node-2");
    expect(node.state).toBe("down");
  });
  const found = [...(refusals ?? [])].map(([which, { code, log }]) => [which, code, log]);
  expect(found).toEqual([["node-2", 3, "no luck today\n"]]);
  expect([told.outcome, told.reasons, told.account]).toEqual(["held", [], SIX]);
  expect([node.image, node.version]).toEqual([image, version]);
  const life = `node-2 was ${version}, boot ${boot}, and became ${version}, boot ${node.boot}`;
  expect(witnessOf(told)).toBe(`${refusing} exited with 3; ${life}`);
  expect(eventsOf(told, "broker-down")).toMatchObject([
    { node: "node-2", boot, exitCode: 0, clean: true },
    { node: "node-2", exitCode: 3, clean: false },
  ]);
}

async function staysWhatItIs(on: Nodes): Promise<void> {
  const { version } = secondOf(on);
  const told = await tellOf(on, async (rig) => void (await rig.cluster.upgrade(alias, "node-2")));
  expect([told.outcome, witnessOf(told)]).toEqual(["inconclusive", undefined]);
  const words = `node-2 was ${version} before its upgrade to ${alias}, and still is`;
  expect(told.reasons).toEqual([words]);
}

async function keepsItsLife(on: Nodes): Promise<void> {
  const node = secondOf(on);
  const death = { boot: node.boot, exitCode: 0, clean: true };
  Object.assign(node, { stop: async () => death, start: async () => {} });
  const told = await tellOf(on, async (rig) => void (await rig.cluster.upgrade(alias, "node-2")));
  expect([told.outcome, witnessOf(told)]).toEqual(["inconclusive", undefined]);
  expect(told.reasons).toEqual([`node-2 kept its boot id ${node.boot} over an upgrade`]);
}

const SIX = { published: 6, confirmed: 6, remaining: 6 };

function secondOf({ cluster }: Nodes): Broker {
  if (!cluster) throw new Error("These are not the nodes of a cluster");
  return cluster.node("node-2");
}

/** Runs an experiment on these nodes, and keeps what its witnesses told. */
async function tellOf(on: Nodes, body: Body): Promise<Told> {
  const options = { queueType: "classic", title: "a fault", rerun: "nothing" } as const;
  let events: Told["events"] = [];
  const told = await experiment({ ...on, ...options, fault: "upgrade" }, async ({ rig }) => {
    events = rig.history.events;
    await rig.publish(6);
    await body(rig);
  });
  return { ...told, events };
}
