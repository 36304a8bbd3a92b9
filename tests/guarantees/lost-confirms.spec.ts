import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const CONFIRMS = "https://www.rabbitmq.com/docs/confirms#publisher-confirms";
const REPUBLISHING = "https://www.rabbitmq.com/docs/reliability#publisher-side";

const CAREFUL = { program: "producer.ts", args: [10, "--one-by-one"] };
const BLIND = { program: "retries-blindly.ts", args: [10] };

limit(
  "A publish that is lost with its connection is not stored, and its producer can't know",
  { docs: CONFIRMS, fault: "connection-reset" },
  async ({ rig }) => {
    const reset = rig.network.reset("producer", { at: "publish-held", nth: 6 });
    const producer = await rig.producer("producer", CAREFUL);
    await reset;
    const { code } = await producer.exited;
    await rig.workers(1);
    expect(await rig.account()).toEqual({ published: 6, confirmed: 5, unknown: 1, completed: 5 });
    expect(code).toBe(1);
  },
);

guarantee(
  "A publish whose confirm is lost with its connection is stored, though its producer can't know",
  { docs: CONFIRMS, fault: "connection-reset" },
  async ({ rig }) => {
    const reset = rig.network.reset("producer", { at: "confirm-held", nth: 6 });
    const producer = await rig.producer("producer", CAREFUL);
    await reset;
    const { code } = await producer.exited;
    await rig.workers(1);
    expect(await rig.account()).toEqual({
      published: 6,
      confirmed: 5,
      unknown: 1,
      completed: 5,
      recovered: 1,
    });
    expect(code).toBe(1);
  },
);

limit(
  "A confirm that vanishes in a silent network never comes: only a heartbeat ends the wait for it",
  { docs: CONFIRMS, fault: "half-open" },
  async ({ rig }) => {
    const vanishes = { at: "confirm-held", nth: 6, towards: "client" } as const;
    const silent = rig.network.halfOpen("producer", vanishes);
    const producer = await rig.producer("producer", { ...CAREFUL, heartbeat: 1 });
    const silence = await silent;
    await rig.until("the producer to give up", () => rig.seen.endedOf("producer").length === 1);
    silence.heal(); // Until then it can't end: its connection waits for the broker's goodbye.
    const { code } = await producer.exited;
    await rig.workers(1);
    expect(await rig.fates()).toMatchObject({ recovered: ["task-6"] });
    expect(code).toBe(1);
  },
);

guarantee(
  "A task that is published again is done once, if its first publish never reached the broker",
  { docs: REPUBLISHING, fault: "connection-reset" },
  async ({ rig }) => {
    const reset = rig.network.reset("producer", { at: "publish-held", nth: 6 });
    const producer = await rig.producer("producer", BLIND);
    await reset;
    await producer.exited;
    await rig.workers(1);
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
  },
);

limit(
  "A task that is published again because its confirm was lost is stored twice, and done twice",
  { docs: REPUBLISHING, fault: "connection-reset", surprise: 7 },
  async ({ rig }) => {
    const reset = rig.network.reset("producer", { at: "confirm-held", nth: 6 });
    const producer = await rig.producer("producer", BLIND);
    await reset;
    await producer.exited;
    await rig.workers(1);
    expect(await rig.fates()).toMatchObject({ duplicated: ["task-6"] });
    expect(await rig.account()).toEqual({
      published: 10,
      confirmed: 10,
      completed: 9,
      duplicated: 1,
    });
    expect(rig.seen.redeliveredTo("worker-1")).toEqual([]);
  },
);

guarantee(
  "A task that is stored twice is done once by an idempotent worker",
  { docs: REPUBLISHING, fault: "connection-reset" },
  async ({ rig }) => {
    const reset = rig.network.reset("producer", { at: "confirm-held", nth: 6 });
    const producer = await rig.producer("producer", BLIND);
    await reset;
    await producer.exited;
    await rig.workers(1, { program: "idempotent.ts" });
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, completed: 10 });
    expect(rig.seen.ackedBy("worker-1").filter((task) => task === "task-6")).toHaveLength(2);
  },
);
