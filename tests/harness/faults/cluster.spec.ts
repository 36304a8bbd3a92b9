/** Faults on the nodes of a cluster: each lands, heals, and without its effect proves nothing. */
import { afterAll, expect, inject, test } from "vitest";
import { Broker } from "../../../harness/broker/broker.ts";
import { Cluster } from "../../../harness/broker/cluster.ts";
import type { FaultName } from "../../../harness/history/event.ts";
import { experiment } from "../../../harness/scenario/experiment.ts";
import { closeLaneCluster, laneCluster } from "../../../harness/scenario/lane-cluster.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { type Body, keepRunsAside, SIX, type Told, witnessOf } from "./told.ts";

keepRunsAside();
afterAll(closeLaneCluster);

/** Runs an experiment on three nodes, and keeps what its witnesses told. */
async function tellOf(fault: FaultName, body: Body): Promise<Told> {
  const on = await laneCluster(3, await laneBroker());
  let events: Told["events"] = [];
  const options = { queueType: "quorum", title: "a fault", rerun: "nothing" } as const;
  const told = await experiment({ ...on, ...options, fault }, async ({ rig }) => {
    events = rig.history.events;
    await body(rig);
  });
  return { ...told, events };
}

/** The same with a method of the harness that does nothing. */
async function sabotaged<T extends object>(
  victim: T,
  methods: Partial<T>,
  fault: FaultName,
  body: Body,
): Promise<Told> {
  const own = Object.getOwnPropertyDescriptors(victim) as Record<keyof T, PropertyDescriptor>;
  Object.assign(victim, methods);
  try {
    return await tellOf(fault, body);
  } finally {
    for (const name of Object.keys(methods) as (keyof T)[]) {
      Object.defineProperty(victim, name, own[name]);
    }
  }
}

const killFirst: Body = async (rig) => {
  await rig.publish(6);
  await rig.cluster.killLeader("tasks");
  await rig.workers(1);
};

const cutOffFirst: Body = async (rig) => {
  await rig.publish(6);
  await rig.cluster.partition("node-1");
};

test("a cluster is up in at most the time of three single boots, one after the other", async () => {
  const beside = await laneBroker();
  const began = performance.now();
  const { cluster } = await laneCluster(3, beside);
  expect(cluster?.running).toEqual(["node-1", "node-2", "node-3"]);
  expect(performance.now() - began).toBeLessThan(3 * inject("laneBoot"));
});

test("a node's death is seen by the others, who elect another leader; it is back at the end", async () => {
  const told = await tellOf("node-kill", killFirst);
  expect([told.outcome, told.reasons, told.account]).toEqual(["held", [], SIX]);
  expect(witnessOf(told)).toMatch(
    /^boot \S+ of node-1 ended with exit code 137; node-2 and node-3 see nobody else; node-[23] leads tasks now, which it led$/,
  );
  const ups = told.events.filter((event) => event.type === "broker-up");
  expect(ups.map(({ node }) => node)).toEqual(["node-1", "node-2", "node-3", "node-1"]);
  expect(ups[3]?.boot).not.toBe(ups[0]?.boot);
});

test("a partition is seen on both sides, and no node ends", async () => {
  const told = await tellOf("partition", cutOffFirst);
  expect(told.reasons).toEqual([]);
  expect(witnessOf(told)).toMatch(
    /^node-2 and node-3 see nobody else, and node-1 sees nobody; node-[23] leads tasks now, which it led$/,
  );
  expect(told.events.filter(({ type }) => type === "broker-down")).toEqual([]);
  expect(told.events.filter(({ type }) => type === "fault-healed")).toHaveLength(1);
});

test("the death of all nodes at once is seen by the boots that follow", async () => {
  const told = await tellOf("node-kill", async (rig) => {
    await rig.registered();
    await rig.publish(6);
    await rig.cluster.kill(...rig.cluster.nodes);
  });
  expect([told.outcome, told.reasons]).toEqual(["held", []]);
  const witnessed = told.events.filter(({ type }) => type === "fault-witnessed");
  expect(witnessed).toHaveLength(3);
});

test("connection numbers are unique over the links of all nodes", async () => {
  const told = await tellOf("node-kill", async (rig) => {
    for (const node of rig.cluster.nodes) await rig.worker(`worker at ${node}`, { node });
    await killFirst(rig);
  });
  const opened = told.events.filter((event) => event.type === "connection-opened");
  expect(new Set(opened.map(({ node }) => node)).size).toBe(3);
  expect(new Set(opened.map(({ connection }) => connection)).size).toBe(opened.length);
});

test("a kill that kills nobody turns the experiment inconclusive", async () => {
  const kill = async () => ({ boot: "none", exitCode: 137, clean: false });
  const told = await sabotaged(Broker.prototype, { kill }, "node-kill", killFirst);
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons).toEqual(["node-1 is running after its node-kill"]);
  expect(witnessOf(told)).toBeUndefined();
});

test("a partition that cuts nothing off turns the experiment inconclusive", async () => {
  const whole = Cluster.prototype.together;
  const methods: Partial<Cluster> = {
    disconnect: async () => {},
    together(names, vhost) {
      return whole.call(this, names, vhost, 2_000); // Nothing will come of it, so let it be soon.
    },
  };
  const told = await sabotaged(Cluster.prototype, methods, "partition", cutOffFirst);
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("Waited 2000 ms for node-");
  expect(witnessOf(told)).toBeUndefined();
});
