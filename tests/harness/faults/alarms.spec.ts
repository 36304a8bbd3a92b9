/** A broker that is low on something: it blocks who publishes, until the alarm is healed. */
import { describe, expect, test, vi } from "vitest";
import { evaluate } from "../../../harness/broker/evaluate.ts";
import type { BrokerFaults } from "../../../harness/faults/broker.ts";
import type { FaultName } from "../../../harness/history/event.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { eventsOf } from "./struck.ts";
import { tampering } from "./tamper.ts";
import { keepRunsAside, tell, witnessOf } from "./told.ts";

vi.mock("../../../harness/broker/evaluate.ts", async (original) =>
  (await import("./tamper.ts")).tamperable(await original()),
);

keepRunsAside();

interface Case {
  fault: FaultName;
  name: string;
  raise(broker: BrokerFaults): Promise<{ heal(): Promise<void> }>;
  limit: string;
  /** What raises the alarm, and does not. */
  effect: [string, string];
}

const CASES: Case[] = [
  {
    fault: "memory-alarm",
    name: "memory",
    raise: (broker) => broker.memoryAlarm(),
    limit: "vm_memory_monitor:get_vm_memory_high_watermark().",
    effect: ["set_vm_memory_high_watermark(0)", "get_vm_memory_high_watermark()"],
  },
  {
    fault: "disk-alarm",
    name: "disk",
    raise: (broker) => broker.diskAlarm(),
    limit: "rabbit_disk_monitor:get_disk_free_limit().",
    effect: ["set_disk_free_limit(1000000000000000)", "get_disk_free_limit()"],
  },
];

const TEN = { published: 10, confirmed: 10, remaining: 10 };

describe.for(CASES)("$fault", ({ fault, name, raise, limit, effect }) => {
  test("blocks who publishes until it is healed, and leaves the limit as it was", async () => {
    const broker = await laneBroker();
    const before = await evaluate(broker, limit);
    const told = await tell(fault, async (rig) => {
      await rig.publish(5);
      const alarm = await raise(rig.broker);
      const publishing = rig.publish(5);
      await rig.until("all to be sent", () => rig.seen.publishedBy("publisher").length === 10);
      await rig.consumer("bystander").then((consumer) => consumer.caughtUp());
      expect(rig.seen.confirmedTo("publisher")).toHaveLength(5);
      await Promise.all([alarm.heal(), alarm.heal(), publishing]);
    });
    expect([told.reasons, told.account]).toEqual([[], TEN]);
    expect(witnessOf(told)).toBe(`the broker has blocked a bystander: low on ${name}`);
    expect(eventsOf(told, "fault-healed")).toHaveLength(1);
    expect(await evaluate(broker, limit)).toBe(before);
  });

  test("is healed before the account", async () => {
    let publishing: Promise<unknown> | undefined;
    const told = await tell(fault, async (rig) => {
      await rig.publish(5);
      await raise(rig.broker);
      publishing = rig.publish(5);
      await rig.until("all to be sent", () => rig.seen.publishedBy("publisher").length === 10);
    });
    await publishing;
    expect([told.reasons, told.account]).toEqual([[], TEN]);
  });

  test("is inconclusive where it raises nothing", async () => {
    const told = await tampering(...effect, () =>
      tell(fault, async (rig) => {
        await rig.publish(5);
        await raise(rig.broker);
      }),
    );
    const words = `A bystander was told "confirmed", and not "low on ${name}"`;
    expect([told.outcome, told.reasons]).toEqual(["inconclusive", [words]]);
    expect(witnessOf(told)).toBeUndefined();
  });
});
