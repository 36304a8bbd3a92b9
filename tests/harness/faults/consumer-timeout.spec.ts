/** A consumer that takes longer for a task than the broker lets it. */
import { expect, test, vi } from "vitest";
import { noConsumerTimeout } from "../../../harness/faults/consumer-timeout.ts";
import type { Rig } from "../../../harness/scenario/rig.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { eventsOf } from "./struck.ts";
import { tampering } from "./tamper.ts";
import { keepRunsAside, SIX, tell, witnessOf } from "./told.ts";

vi.mock("../../../harness/broker/evaluate.ts", async (original) =>
  (await import("./tamper.ts")).tamperable(await original()),
);

keepRunsAside();

/** A worker that is late with its second task, on a queue whose deliveries time out everywhere. */
async function late(rig: Rig): Promise<void> {
  await rig.declare("tasks", { type: "quorum" });
  const timeout = await rig.faults.consumerTimeout();
  await rig.workers(1);
  await timeout.confine();
  const strike = timeout.strike("worker-1", { at: "mid-task", nth: 2 });
  await Promise.all([strike, rig.publish(6)]);
  await timeout.heal();
  await rig.until("it to consume again", () => rig.seen.consumingOn("worker-1").length === 2);
}

test("it loses its channel, or its consumer, and works on when it has taken another", async () => {
  const told = await tell("consumer-timeout", late);
  expect(told.reasons).toEqual([]);
  expect(told.account).toEqual({ ...SIX, completed: 5, duplicated: 1 });
  const { version } = await laneBroker();
  const evidence = noConsumerTimeout(version, "classic")
    ? /^the broker cancelled consumer \S+ of worker-1$/
    : /^the broker closed channel 1 of worker-1: 406 PRECONDITION_FAILED - .* timed out/;
  expect(witnessOf(told)).toMatch(evidence);
  expect(eventsOf(told, "consuming").filter(({ subject }) => subject === "worker-1")).toHaveLength(
    2,
  );
});

test("is inconclusive where the broker has its usual patience", async () => {
  const set = "application:set_env(rabbit, consumer_timeout, 3000)";
  const told = await tampering(set, "ok", () => tell("consumer-timeout", late));
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("a delivery to worker-1 to time out, in vain");
  expect(witnessOf(told)).toBeUndefined();
});

test.each([
  ["3.10.8", "classic", true],
  ["4.0.5", "quorum", true],
  ["4.2.1", "classic", true],
  ["4.3.6", "classic", false],
  ["4.3.6", "quorum", true],
  ["4.10.0", "classic", false],
] as const)("RabbitMQ %s, %s queues: are there timeouts? %s", (version, type, are) => {
  expect(noConsumerTimeout(version, type) === undefined).toBe(are);
});
