import { expect } from "vitest";
import { EVERYONE } from "../../harness/history/event.ts";
import { guarantee } from "../../harness/vitest.ts";

const CONFIRMS = "https://www.rabbitmq.com/docs/confirms#publisher-confirms";
const REQUEUE = "https://www.rabbitmq.com/docs/confirms#automatic-requeueing";
const FAILURES = "https://www.rabbitmq.com/docs/reliability#connection-failures";

/** Bytes: more than a frame has. */
const LARGE = 300_000;

guarantee(
  "A publish that is torn in the middle is not stored, not even in part",
  { docs: CONFIRMS, fault: "torn-frame" },
  async ({ rig }) => {
    await rig.publish(5, { size: LARGE });
    const torn = rig.network.tear("publisher", { at: "publish-held" });
    await rig.publish(1, { size: LARGE });
    await torn;
    await rig.workers(1);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 5, unknown: 1, completed: 5 });
  },
);

guarantee(
  "A task that is torn in the middle of its delivery comes again",
  { docs: REQUEUE, fault: "torn-frame" },
  async ({ rig }) => {
    await rig.workers(1);
    const torn = rig.network.tear("worker-1", { at: "delivered", nth: 2 });
    const [, second] = await rig.publish(10, { size: LARGE });
    await torn;
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
    expect(rig.seen.redeliveredTo("worker-1")).toEqual([second]);
  },
);

guarantee(
  "A slow network that loses nothing changes nothing but the time",
  { docs: FAILURES, fault: "latency" },
  async ({ rig }) => {
    await rig.network.delay(EVERYONE, { by: 20, jitter: 20 });
    await rig.workers(2);
    await rig.publish(20);
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    expect(rig.seen.redeliveredTo(EVERYONE)).toEqual([]);
  },
);

guarantee(
  "A worker that can't connect again for a while gets its task back when it can",
  { docs: FAILURES, fault: "connection-refusal" },
  async ({ rig }) => {
    await rig.workers(1);
    const reset = rig.network.reset("worker-1", { at: "delivered", nth: 2 });
    const refusal = await rig.network.refuse("worker-1");
    const [, second] = await rig.publish(10);
    await reset;
    await rig.until("three attempts", () => rig.seen.refusalsOf("worker-1") === 3);
    refusal.heal();
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
    expect(rig.seen.redeliveredTo("worker-1")).toEqual([second]);
  },
);
