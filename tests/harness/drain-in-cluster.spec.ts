/** The drain of a cluster finds what a replica that is behind has yet to hand out. */
import { afterAll, expect, test } from "vitest";
import type { Broker } from "../../harness/broker/broker.ts";
import { evaluate, evaluateUntil } from "../../harness/broker/evaluate.ts";
import { experiment } from "../../harness/scenario/experiment.ts";
import { closeLaneCluster, laneCluster } from "../../harness/scenario/lane-cluster.ts";
import { until } from "../../harness/until.ts";
import { laneBroker } from "../../harness/vitest.ts";

afterAll(closeLaneCluster);

/** The name of the queue's replica on any node. */
const REPLICA = `
  [Name] = [element(1, amqqueue:get_pid(Queue)) || Queue <- rabbit_amqqueue:list(),
    element(4, amqqueue:get_name(Queue)) =:= <<"tasks">>],`;

/** Has another node lead the queue, and this one fall behind. */
async function leaveBehind(node: Broker): Promise<void> {
  const other = "'rabbit@node-2'";
  await evaluate(node, `${REPLICA} ra:transfer_leadership({Name, node()}, {Name, ${other}}).`);
  const isLed = `${REPLICA} ra_leaderboard:lookup_leader(Name) =:= {Name, ${other}}`;
  await evaluateUntil(node, "another node to lead the queue", isLed);
  await evaluate(node, `${REPLICA} sys:suspend(Name).`);
}

test("it waits for the node that its consumer is on", async () => {
  const on = await laneCluster(3, await laneBroker());
  const node = on.cluster?.nodes.get("node-1") as Broker;
  const options = {
    queueType: "quorum",
    title: "a drain",
    rerun: "nothing",
    fault: "none",
  } as const;
  const told = await experiment({ ...on, ...options }, async ({ rig }) => {
    await rig.registered();
    await leaveBehind(node);
    await rig.publish(10);
    const isDraining = () =>
      rig.history.events.some((event) => event.type === "consuming" && event.subject === "drain");
    const caughtUp = until("the drain to consume", rig.history, isDraining).then(() =>
      evaluate(node, `${REPLICA} sys:resume(Name).`),
    );
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, remaining: 10 });
    await caughtUp;
  });
  expect([told.outcome, told.reasons]).toEqual(["held", []]);
});
